import { checkPlan } from './check-plan.ts';
import { type Chain, collectChain, type Parse } from './collect-chain.ts';
import { deriveHost, derivePlan } from './derive-plan.ts';
import { explainPlan, findCause } from './explain-plan.ts';
import { mergeDocuments } from './merge-documents.ts';
import { parseDocument } from './parse-document.ts';
import { renderArtifacts } from './render-artifacts.ts';
import { validateAlone, validateProfile } from './validate-profile.ts';
import type { Artifact } from './values/artifact.ts';
import { type Document, placeOfBase } from './values/document.ts';
import type { Cause, PlanExplanation } from './values/explanation.ts';
import { listKeyPaths } from './values/key-path.ts';
import { nodeAt } from './values/node.ts';
import type { Plan } from './values/plan.ts';
import { arrangeProblems, type Problem } from './values/problem.ts';
import { basesAmong, type ResolveBase } from './values/resolve-base.ts';
import type { Source } from './values/source.ts';

/** What became of one profile. */
export interface Compiled {
  /** The file's name. */
  readonly file: string;
  readonly plan: Plan;
  /** What the checks found in its plan. */
  readonly problems: readonly Problem[];
  /** Renders when it is first asked: whoever only validates does not pay for it. */
  readonly artifacts: () => Artifact[];
  /** Why everything is as it is. */
  readonly explain: () => PlanExplanation;
  /** The key paths of all that is written. */
  readonly keys: () => string[];
  /** What is written at a key path, and where. */
  readonly lookUp: (path: string) => Cause;
}

/** What became of all profiles. When a problem is an error, nothing may be written. */
export interface Compilation {
  readonly compiled: readonly Compiled[];
  readonly problems: readonly Problem[];
}

/**
 * From the bytes of profiles to plans, problems and artifacts. Whatever is in them, it does not throw. Pure: `resolveBase`
 * is its only window, and without it a base is shipped or among the sources; `onNext` hears how many are done. What comes
 * after is called by the commands: compareArtifacts against the output folder and writeChanges, or comparePlans of two
 * compilations.
 */
export function compile(
  sources: readonly Source[],
  resolveBase = basesAmong(sources),
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

function compileProfile(source: Source, resolveBase: ResolveBase, parse: Parse): Result {
  const chain = collectChain(source, resolveBase, parse);
  const result = compileChain(source, chain);
  const place = placeOfBase(chain.documents.at(-1) as Document);
  return { ...result, problems: result.problems.map((problem) => ({ ...problem, profiles: [place] })) };
}

/** All stages, in order. */
function compileChain({ name: file }: Source, { documents, problems: unreadable, isWhole }: Chain): Result {
  const invalid = documents.flatMap(validateAlone);
  const { valid, problems: incomplete } = validateProfile(mergeDocuments(documents));
  if (!valid || !isWhole || invalid.length > 0)
    return { problems: [...unreadable, ...invalid, ...(isWhole ? incomplete : [])] };

  const { profile, root } = valid;
  const plan = derivePlan(profile, deriveHost(profile));
  const problems = checkPlan(plan, root);
  const nameAt = nodeAt(root, ['name'])?.location;
  const artifacts = once(() => renderArtifacts(plan));
  const explain = () => explainPlan(plan, root, artifacts());
  const keys = () => listKeyPaths(root);
  const lookUp = (path: string) => findCause(path, root);
  const compiled = { file, plan, problems, artifacts, explain, keys, lookUp };
  return { compiled, problems, ...(nameAt ? { nameAt } : {}) };
}

/** The answer to the first call, for all of them. */
function once<Answer>(make: () => Answer): () => Answer {
  let made: { readonly answer: Answer } | undefined;
  return () => {
    made ??= { answer: make() };
    return made.answer;
  };
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
  const firsts = new Map<string, Result>();
  return results.flatMap((result) => {
    const { compiled, nameAt } = result;
    if (!compiled) return [];
    const first = firsts.get(compiled.plan.name);
    if (!first) firsts.set(compiled.plan.name, result);
    if (!nameAt || !first?.nameAt) return [];
    const message = `two profiles are named \`${compiled.plan.name}\`, and would write the same files`;
    return [
      {
        severity: 'error',
        id: 'name-is-unique',
        message,
        remedy: 'rename one of them',
        locations: [nameAt, first.nameAt],
        profiles: [nameAt],
      },
    ];
  });
}
