import { modprobeLines } from '../outputs/modprobe.ts';
import { squidLines } from '../outputs/squid.ts';
import { sysvLines } from '../outputs/sysv.ts';
import type { Plan } from '../values/plan.ts';

/** A line that a file of somebody else has to hold: without it a file of ours does not count. */
export interface ForeignLine {
  /** Below /. A file that is not there is that of a program which is not installed. */
  readonly path: string;
  readonly line: string;
}

/** In the order in which they have to stand. Each belongs at the end: what is said twice counts as it was said last. */
export function listForeignLines(plan: Plan): ForeignLine[] {
  return [...squidLines(plan), ...sysvLines(plan), ...modprobeLines(plan)];
}
