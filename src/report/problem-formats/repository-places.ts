import { type Location, rangeOf } from '../../values/location.ts';
import type { Problem } from '../../values/problem.ts';
import type { ProblemReport } from './problem-format.ts';

/** A place as CI systems find it: lines and columns from 1, columns in characters, the last one exclusive. */
export interface RepositoryPlace {
  /** From the root of the repository. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/**
 * Where to mend a problem, the main place first. What only a shipped profile says is mended in the profiles that extend
 * it, so their places stand in.
 */
export function listRepositoryPlaces(
  { locations, profiles = [] }: Problem,
  { pathOf }: Pick<ProblemReport, 'pathOf'>,
): RepositoryPlace[] {
  const places = (candidates: readonly Location[]) =>
    candidates.flatMap((location) => {
      const path = pathOf(location.file.name);
      return path === undefined ? [] : [{ path, ...rangeOf(location) }];
    });
  const own = places(locations);
  return own.length > 0 ? own : places(profiles);
}
