import { formatCount } from '../values/quantities.ts';

/**
 * Room above a computed need: figures are averages of a second at best, and peaks are not even. Of the connection table
 * it is also room for entries that have expired and are not cleared yet: up to 1.43 times the need was measured
 * (bench/sizing.md).
 */
export const HEADROOM = 1.5;

/** A need with headroom = count × 1.5, rounded up to a whole number. Source: bench/sizing.md. */
export function withHeadroom(count: number): number {
  return Math.ceil(count * HEADROOM);
}

/** `22,500 with headroom 1.5` */
export function sayWithHeadroom(count: number): string {
  return `${formatCount(withHeadroom(count))} with headroom ${HEADROOM}`;
}
