import { acceptedOn, isWritable } from '../parameters/on-kernel.ts';
import type { Bounds } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { formatValue } from '../values/format-value.ts';
import { formatKernelVersion } from '../values/kernel-version.ts';
import type { Decision, Plan, Value } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const valueWithinKernelRange: Check = {
  id: 'value-within-kernel-range',
  severity: 'error',
  what: 'Each value lies within what the kernel accepts, and within what does no harm.',
  why: 'A value that the kernel refuses is not set; one that it takes although it makes no sense (a negative timeout) breaks the host.',
  fix: 'Use a value of the range: `nettune parameters NAME` shows it.',
  source: 'bounds read in the kernel, and tried',
  find: (plan) => [
    ...Object.keys(plan.profile.sysctl ?? {}).flatMap((name) => unwritable(name, plan)),
    ...plan.decisions.flatMap((decision) => outOfBounds(decision, plan)),
  ],
};

function unwritable(name: string, { host }: Plan): Breach[] {
  const row = findParameter(name);
  if (!row || isWritable(row, host)) return [];
  return [
    {
      message: `kernel ${formatKernelVersion(host.kernel)} refuses every value for ${name}: it can only be read`,
      remedy: `remove it${row.insteadOf ? `: ${row.insteadOf}` : ''}`,
      causes: [`sysctl.${name}`],
    },
  ];
}

function outOfBounds(decision: Decision, { host }: Plan): Breach[] {
  const { parameter, spelling, value } = decision;
  const row = findParameter(parameter);
  const accepted = row && acceptedOn(row, host);
  const refused = outside(value, accepted);
  const found = refused ?? outside(value, row?.safe);
  const bounds = row?.safe ?? accepted;
  if (found === undefined || !bounds) return [];
  const verdict =
    refused === undefined ? 'nettune does not write' : `kernel ${formatKernelVersion(host.kernel)} refuses`;
  return [
    {
      message: `${verdict} ${found} for ${spelling}`,
      remedy: `use ${bounds.min} to ${bounds.max} ${row?.unit}`.trimEnd(),
      causes: decision.rule === 'override' ? decision.causes.map((cause) => `${cause}.value`) : decision.causes,
    },
  ];
}

/** The first number that lies outside, as it is shown. */
function outside(value: Value, bounds: Bounds | undefined): string | undefined {
  const numbers = typeof value === 'string' || !bounds ? [] : [value].flat();
  const found = numbers.find((number) => number < (bounds?.min ?? 0) || number > (bounds?.max ?? 0));
  return found === undefined ? undefined : formatValue(found);
}
