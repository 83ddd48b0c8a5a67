import { changedArtifacts } from './comparison/changed-artifacts.ts';
import { changedDecisions } from './comparison/changed-decisions.ts';
import { changedKeys } from './comparison/changed-keys.ts';
import { changedProblems } from './comparison/changed-problems.ts';
import { disruption } from './comparison/disruption.ts';
import { matchProfiles } from './comparison/match-profiles.ts';
import { asSubject, figuresOfSubject, type Pair, type Subject } from './comparison/subject.ts';
import { isTraded, trade } from './comparison/trade.ts';
import { listRestarts } from './deploy/restarts.ts';
import { printableName } from './text/printable.ts';
import type { Comparison, ProfileComparison } from './values/comparison.ts';
import type { Compiled } from './values/compilation.ts';
import { machineTitle } from './values/machine-title.ts';

/** What became of a set of profiles. */
export interface PlanSet {
  readonly compiled: readonly Compiled[];
  /** Names of files in which an error stands between the text and a plan. */
  readonly broken: readonly string[];
  /** The revision whose name, with a colon, stands in front of the names of its files. */
  readonly revision?: string;
}

/**
 * What follows from one set of profiles and not from the other, and how it takes effect on hosts. `arePair`: there is one on
 * each side, and they are to be compared whatever they are called. `machine`: of profiles for several machines, this one only.
 */
export function comparePlans(
  before: PlanSet,
  after: PlanSet,
  { arePair = false, machine }: { arePair?: boolean | undefined; machine?: string | undefined } = {},
): Comparison {
  const { pairs, unknown } = matchProfiles(unfold(before), unfold(after), arePair);
  const compared = pairs
    .filter(({ before: old, after: now }) => machine === undefined || (now ?? old).plan.machine === machine)
    .map(compareProfile);
  return {
    profiles: compared
      .filter(differs)
      .sort((one, other) => disruption(other) - disruption(one) || (machineTitle(one) < machineTitle(other) ? -1 : 1)),
    same: compared.filter((each) => !differs(each)).map(machineTitle),
    unknown: unknown.map(({ plan }) => machineTitle(plan)),
    broken: [...before.broken, ...after.broken].map(printableName),
  };
}

function unfold({ compiled, broken, revision }: PlanSet) {
  const pathOf = (file: string) =>
    revision !== undefined && file.startsWith(`${revision}:`) ? file.slice(revision.length + 1) : file;
  const subjects = compiled.map((each) => asSubject({ ...each, file: pathOf(each.file) }));
  return { subjects, broken: broken.map(pathOf) };
}

function compareProfile(pair: Pair): ProfileComparison {
  const { before, after } = pair;
  const written = changedKeys(pair);
  const decisions = changedDecisions(pair, new Set(written.map(({ path }) => path)));
  const packetRules = trade(before?.plan.packetRules, after?.plan.packetRules, (rule) => JSON.stringify(rule));
  const { name, machine } = (after ?? before).plan;
  const figures = {
    name,
    ...(machine === undefined ? {} : { machine }),
    ...(before && before.plan.name !== name ? { formerName: before.plan.name } : {}),
    ...(before ? { before: figuresOfSubject(before) } : {}),
    ...(after ? { after: figuresOfSubject(after) } : {}),
  };
  return {
    ...figures,
    kind: before ? (after ? 'changed' : 'gone') : 'new',
    written,
    restarts: listRestarts(before, after),
    decisions,
    packetRules,
    leftAlone: trade(listLeftAlone(before), listLeftAlone(after), (subject) => subject),
    artifacts: changedArtifacts(pair, { ...figures, decisions, packetRules }),
    problems: changedProblems(before?.problems, after?.problems),
  };
}

function listLeftAlone(subject: Subject | undefined): string[] {
  return subject?.plan.omissions.map((omission) => omission.subject) ?? [];
}

/** What is written differently and leads to nothing is no difference. */
function differs({ kind, formerName, decisions, packetRules, artifacts, problems }: ProfileComparison): boolean {
  const isOther = kind !== 'changed' || formerName !== undefined;
  return isOther || decisions.length + artifacts.length > 0 || isTraded(packetRules) || isTraded(problems);
}
