import { checkPlan } from './check-plan.ts';
import { type Chain, collectChain } from './collect-chain.ts';
import { deriveHost, derivePlan } from './derive-plan.ts';
import { explainPlan, findCause } from './explain-plan.ts';
import { findSharedNames, type NameGiven } from './find-shared-names.ts';
import { joinProblems } from './join-problems.ts';
import { listMachines } from './list-machines.ts';
import { mergeDocuments } from './merge-documents.ts';
import { type Parse, parseOnce } from './parse-document.ts';
import { renderArtifacts } from './render-artifacts.ts';
import { type ValidMachine, validateMachines } from './validate-machines.ts';
import { validateAlone } from './validate-profile.ts';
import type { Artifact } from './values/artifact.ts';
import type { Compilation, Compiled } from './values/compilation.ts';
import { type Document, placeOfBase } from './values/document.ts';
import { listKeyPaths } from './values/key-path.ts';
import { locate, type MapNode } from './values/node.ts';
import { once } from './values/once.ts';
import type { Plan, Plans } from './values/plan.ts';
import { arrangeProblems, type Problem } from './values/problem.ts';
import { basesAmong, type ResolveBase } from './values/resolve-base.ts';
import type { Source } from './values/source.ts';

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
  const shared = findSharedNames(results.flatMap(({ named }) => named ?? []));
  return {
    compiled: results.flatMap(({ compiled }) => compiled ?? []),
    problems: arrangeProblems([...results.flatMap(({ problems }) => problems), ...shared]),
  };
}

interface Result {
  /** For each machine that the profile is for. */
  readonly compiled?: readonly Compiled[];
  readonly named?: NameGiven;
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
  const merged = mergeDocuments(documents);
  const { valid, problems: incomplete } = validateMachines(listMachines(merged), merged, documents);
  if (!valid || !isWhole || invalid.length > 0)
    return { problems: [...unreadable, ...invalid, ...(isWhole ? incomplete : [])] };

  const [first, ...more] = valid;
  const derived: readonly [Derived, ...Derived[]] = [deriveMachine(first), ...more.map(deriveMachine)];
  const artifacts = once(() => renderArtifacts(plansOf(derived)));
  const compiled = derived.map((each, index) => compileMachine(each, file, () => artifacts()[index] ?? []));
  const named = { name: first.profile.name, at: locate(first.root, ['name']) };
  return { compiled, named, problems: [...incomplete, ...joinProblems(derived)] };
}

/** The profile on one of the machines that it is for, which is the only one of most. */
interface Derived {
  readonly machine: string | undefined;
  readonly plan: Plan;
  readonly root: MapNode;
  readonly problems: readonly Problem[];
}

function deriveMachine({ machine, profile, root }: ValidMachine): Derived {
  const plan = derivePlan(profile, deriveHost(profile), machine);
  return { machine, plan, root, problems: checkPlan(plan, root) };
}

const plansOf = ([first, ...more]: readonly [Derived, ...Derived[]]): Plans => [
  first.plan,
  ...more.map(({ plan }) => plan),
];

function compileMachine({ plan, root, problems }: Derived, file: string, artifacts: () => Artifact[]): Compiled {
  const explain = () => explainPlan(plan, root, artifacts());
  const keys = () => listKeyPaths(root);
  const lookUp = (path: string) => findCause(path, root);
  return { file, plan, problems, artifacts, explain, keys, lookUp };
}
