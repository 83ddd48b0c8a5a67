import { iptablesServiceLines } from '../outputs/iptables-service.ts';
import { modprobeLines } from '../outputs/modprobe.ts';
import { squidLines } from '../outputs/squid.ts';
import { sysvLines } from '../outputs/sysv.ts';
import type { ForeignLine } from '../values/foreign-line.ts';
import type { Plan } from '../values/plan.ts';

/** In the order in which they have to stand. Each belongs at the end: what is said twice counts as it was said last. */
export function listForeignLines(plan: Plan): ForeignLine[] {
  return [...squidLines(plan), ...sysvLines(plan), ...iptablesServiceLines(plan), ...modprobeLines(plan)];
}
