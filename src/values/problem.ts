import type { Location } from './location.ts';

export type Severity = 'error' | 'warning';

/** Something wrong that a user can mend. */
export interface Problem {
  readonly severity: Severity;
  /** Names the kind: of a schema or syntax fault, or the check that found it. */
  readonly id: string;
  /** What is wrong, with the offending value quoted. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Where to mend it; the first location is the main one, the others contributed. Empty: nothing to point at. */
  readonly locations: readonly Location[];
  /** The profiles that it came up for, at the places where they name their base: a base may be no file of theirs. */
  readonly profiles?: readonly Location[];
  /** The machines in `hosts` whose plans it concerns, by their names; absent where the profile is for one machine. */
  readonly machines?: readonly string[];
  /** The machine whose numbers the message has, where others have other numbers. */
  readonly numbersOf?: string;
}

/** A problem of severity error at one place. */
export function errorAt(location: Location, id: string, message: string, remedy: string): Problem {
  return { severity: 'error', id, message, remedy, locations: [location] };
}

/** Sorted by file and place, and each said once: a fault in a shared base comes up for every profile that extends it. */
export function arrangeProblems(problems: readonly Problem[]): Problem[] {
  return groupAlike(problems)
    .map(joinProfiles)
    .sort(
      (a, b) =>
        compare(nameOf(a), nameOf(b)) ||
        startOf(a) - startOf(b) ||
        compare(a.id, b.id) ||
        compare(a.message, b.message),
    );
}

function groupAlike(problems: readonly Problem[]): Problem[][] {
  const byKey = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = keyOf(problem);
    const alike = byKey.get(key);
    if (alike) alike.push(problem);
    else byKey.set(key, [problem]);
  }
  return [...byKey.values()];
}

/** Of problems that read the same, the last one, for all of their profiles. */
function joinProfiles(alike: readonly Problem[]): Problem {
  const last = alike.at(-1) as Problem;
  if (alike.length === 1) return last;
  return { ...last, profiles: [...new Set(alike.flatMap(({ profiles }) => profiles ?? []))] };
}

function keyOf(problem: Problem): string {
  return JSON.stringify([nameOf(problem), startOf(problem), problem.id, problem.message]);
}

const nameOf = (problem: Problem): string => problem.locations[0]?.file.name ?? '';
const startOf = (problem: Problem): number => problem.locations[0]?.start ?? -1;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
