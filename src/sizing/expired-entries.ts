import type { Host } from '../values/host.ts';
import { isWithin } from '../values/kernel-version.ts';

/**
 * Seconds within which the kernel clears expired entries, from 4.9 on; until then they count. With a timer of 10 s, entries
 * were counted for up to 57 s (bench/tracking.md). Source: nf_conntrack_core.c, gc_worker(), GC_SCAN_INTERVAL_MAX.
 */
export const CLEARED_WITHIN = 60;

/** Seconds for which an entry with this timer counts: since 4.9 until the kernel clears it. */
export function countedSeconds(timerSeconds: number, { kernel }: Host): number {
  return isWithin(kernel, { since: '4.9' }) ? Math.max(timerSeconds, CLEARED_WITHIN) : timerSeconds;
}
