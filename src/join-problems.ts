import { withoutNumbers } from './text/without-numbers.ts';
import type { Location } from './values/location.ts';
import type { Problem } from './values/problem.ts';

/** A machine of a profile, and what is wrong with its plan. */
export interface MachineProblems {
  /** Undefined for a profile that is for one machine. */
  readonly machine: string | undefined;
  readonly problems: readonly Problem[];
}

/** What is written in vain is so only if no machine makes use of it. */
const OF_ALL_MACHINES = ['allow-silences-something', 'keys-have-effect'];

/**
 * Each problem once, with the machines that it concerns. One with other numbers in it is the same one: it has those of the first
 * machine, and the places of all.
 */
export function joinProblems(found: readonly MachineProblems[]): Problem[] {
  const byKey = new Map<string, Joined>();
  for (const { machine, problems } of found) {
    if (machine === undefined) return [...problems];
    const seen = new Map<string, number>();
    for (const problem of problems) {
      const alike = describe(problem);
      const count = seen.get(alike) ?? 0;
      seen.set(alike, count + 1);
      const key = `${alike} ${count}`;
      byKey.set(key, join(byKey.get(key), { ...problem, machines: [machine] }));
    }
  }
  const isOfAll = ({ machines }: { machines: readonly string[] }) => machines.length === found.length;
  return [...byKey.values()].filter((each) => !OF_ALL_MACHINES.includes(each.id) || isOfAll(each));
}

interface Joined extends Problem {
  readonly machines: readonly string[];
}

function describe({ severity, id, message }: Problem): string {
  return JSON.stringify([severity, id, withoutNumbers(message).replace(/\b[KMGT]iB\b/g, 'iB')]);
}

function join(known: Joined | undefined, other: Joined): Joined {
  if (!known) return other;
  const isNew = (one: Location) =>
    !known.locations.some(({ file, start }) => file.name === one.file.name && start === one.start);
  return {
    ...known,
    locations: [...known.locations, ...other.locations.filter(isNew)],
    machines: [...known.machines, ...other.machines],
    ...(known.message === other.message ? {} : { numbersOf: known.machines[0] as string }),
  };
}
