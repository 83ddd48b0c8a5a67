import { forKernel, isWithin, type KernelVersion } from '../values/kernel-version.ts';
import { APACHE } from './apache.ts';
import { CONNTRACK_TABLE } from './conntrack-table.ts';
import { CONNTRACK_TIMEOUTS } from './conntrack-timeouts.ts';
import { FORWARDING } from './forwarding.ts';
import type { ParameterRow } from './parameter.ts';
import { QUEUES } from './queues.ts';
import { TCP } from './tcp.ts';

/** Everything that can be tuned, in the order in which artifacts set it. */
export const PARAMETERS: readonly ParameterRow[] = [
  ...FORWARDING,
  ...CONNTRACK_TABLE,
  ...CONNTRACK_TIMEOUTS,
  ...QUEUES,
  ...TCP,
  ...APACHE,
];

/** The row of a parameter, by any of its names. */
export function findParameter(name: string): ParameterRow | undefined {
  return PARAMETERS.find((row) => namesOf(row).includes(name));
}

function namesOf({ name, aliases = [], formerNames = [] }: ParameterRow): string[] {
  return [name, ...aliases, ...formerNames.map((former) => former.name)];
}

/** How this kernel spells it; undefined where it has no such parameter. */
export function spell(row: ParameterRow, kernel: KernelVersion): string | undefined {
  if (!isWithin(kernel, row.exists)) return undefined;
  return forKernel(kernel, row.formerNames ?? [])?.name ?? row.name;
}
