import type { Location } from './values/location.ts';
import { errorAt, type Problem } from './values/problem.ts';

/** The name of a profile, and where it stands. */
export interface NameGiven {
  readonly name: string;
  readonly at: Location;
}

/** Profiles of the same name would write the same files. */
export function findSharedNames(given: readonly NameGiven[]): Problem[] {
  const firsts = new Map<string, Location>();
  return given.flatMap(({ name, at }) => {
    const first = firsts.get(name);
    if (!first) {
      firsts.set(name, at);
      return [];
    }
    const message = `two profiles are named \`${name}\`, and would write the same files`;
    const problem = errorAt(at, 'name-is-unique', message, 'rename one of them');
    return [{ ...problem, locations: [at, first], profiles: [at] }];
  });
}
