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

/** Bytes of an entry: struct neighbour and its key, in a slab of 512. */
export const NEIGHBOUR_BYTES = 512;

/** The part of memory that the table may take: anybody on the link can fill it. */
export const NEIGHBOUR_SHARE = 0.01;

const DEFAULT: NeighbourThresholds = { keep: 128, collect: 512, most: 1024 };

/**
 * Thresholds for so many neighbours: all of them, with headroom, fit the second, so that none is looked for
 * twice; the others keep the kernel's proportion of 1 : 4 : 8. In at most 1 % of memory. Undefined where the default
 * suffices.
 * Source: net/core/neighbour.c, neigh_alloc() and neigh_forced_gc().
 */
export function sizeNeighbourTable(neighbours: number, memoryBytes: number): NeighbourThresholds | undefined {
  const fitting = 2 ** Math.floor(Math.log2((memoryBytes * NEIGHBOUR_SHARE) / NEIGHBOUR_BYTES / 2));
  const collect = Math.min(fitting, powerOfTwo(withHeadroom(neighbours)));
  return collect > DEFAULT.collect ? { keep: collect / 4, collect, most: collect * 2 } : undefined;
}
