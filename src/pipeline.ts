import { checkPlan } from './check-plan.ts';
import { collectChain, type Parse, type ResolveBase } from './collect-chain.ts';
import { deriveHost, derivePlan } from './derive-plan.ts';
import { explainPlan } from './explain-plan.ts';
import { mergeDocuments } from './merge-documents.ts';
import { parseDocument } from './parse-document.ts';
import { renderArtifacts } from './render-artifacts.ts';
import { validateAlone, validateProfile } from './validate-profile.ts';
import type { Artifact } from './values/artifact.ts';
import type { Document } from './values/document.ts';
import type { PlanExplanation } from './values/explanation.ts';
import { nodeAt } from './values/node.ts';
import type { Plan } from './values/plan.ts';
import { arrangeProblems, type Problem } from './values/problem.ts';
import type { Source } from './values/source.ts';

/** What became of one profile. */
export interface Compiled {
  readonly plan: Plan;
  /** Renders when it is asked: whoever only validates does not pay for it. */
  readonly artifacts: () => Artifact[];
  /** Why everything is as it is. */
  readonly explain: () => PlanExplanation;
}

/** What became of all profiles. When a problem is an error, nothing may be written. */
export interface Compilation {
  readonly compiled: readonly Compiled[];
  readonly problems: readonly Problem[];
}

/**
 * From the bytes of profiles to plans, problems and artifacts. Pure: `resolveBase` is its only window. What comes after,
 * compareArtifacts against the output folder and writeChanges, is called by the commands. `onNext` hears how many are done.
 */
export function compile(
  sources: readonly Source[],
  resolveBase: ResolveBase,
  onNext: (done: number) => void = () => {},
): Compilation {
  const parse = parseOnce();
  const results = sources.map((source, index) => {
    onNext(index);
    return compileProfile(source, resolveBase, parse);
  });
  const compiled = results.flatMap((result) => result.compiled ?? []);
  return {
    compiled,
    problems: arrangeProblems([...results.flatMap(({ problems }) => problems), ...findSharedNames(results)]),
  };
}

interface Result {
  readonly compiled?: Compiled;
  readonly nameAt?: Problem['locations'][number];
  readonly problems: readonly Problem[];
}

/** All stages, in order. */
function compileProfile(source: Source, resolveBase: ResolveBase, parse: Parse): Result {
  const { documents, problems: unreadable } = collectChain(source, resolveBase, parse);
  const invalid = documents.flatMap(validateAlone);
  const { valid, problems: incomplete } = validateProfile(mergeDocuments(documents));
  if (!valid || unreadable.length + invalid.length > 0)
    return { problems: [...unreadable, ...invalid, ...(unreadable.length > 0 ? [] : incomplete)] };

  const { profile, root } = valid;
  const plan = derivePlan(profile, deriveHost(profile));
  const problems = checkPlan(plan, root);
  const nameAt = nodeAt(root, ['name'])?.location;
  const artifacts = () => renderArtifacts(plan);
  const explain = () => explainPlan(plan, root, artifacts());
  return { compiled: { plan, artifacts, explain }, problems, ...(nameAt ? { nameAt } : {}) };
}

/** Parses each file once in a run, however many profiles extend it. */
function parseOnce(): Parse {
  const documents = new Map<string, Document>();
  return (source) => {
    const document = documents.get(source.identity) ?? parseDocument(source);
    documents.set(source.identity, document);
    return document;
  };
}

/** Profiles of the same name would write the same files. */
function findSharedNames(results: readonly Result[]): Problem[] {
  return results.flatMap(({ compiled, nameAt }, index) => {
    const first = results
      .slice(0, index)
      .find((other) => other.compiled && other.compiled.plan.name === compiled?.plan.name);
    if (!compiled || !nameAt || !first?.nameAt) return [];
    const message = `two profiles are named \`${compiled.plan.name}\`, and would write the same files`;
    return [
      {
        severity: 'error',
        id: 'name-is-unique',
        message,
        remedy: 'rename one of them',
        locations: [nameAt, first.nameAt],
      },
    ];
  });
}
