import { powerOfTwo } from '../values/quantities.ts';
import { withHeadroom } from './headroom.ts';

/** The three thresholds of a neighbour table, in entries. */
export interface NeighbourThresholds {
  /** Up to here nothing is removed. */
  readonly keep: number;
  /** Above it, what is older than 5 s may be removed. */
  readonly collect: number;
  /** No more than this. */
  readonly most: number;
}

const DEFAULT: NeighbourThresholds = { keep: 128, collect: 512, most: 1024 };

/**
 * Thresholds for so many neighbours: all of them, with headroom, stay below the second, so that none is looked for
 * twice; the others keep the kernel's proportion of 1 : 4 : 8. Undefined where the default suffices.
 * Source: net/core/neighbour.c, neigh_alloc() and neigh_forced_gc().
 */
export function sizeNeighbourTable(neighbours: number): NeighbourThresholds | undefined {
  const collect = powerOfTwo(withHeadroom(neighbours));
  return collect > DEFAULT.collect ? { keep: collect / 4, collect, most: collect * 2 } : undefined;
}
