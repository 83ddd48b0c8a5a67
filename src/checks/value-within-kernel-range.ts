import type { ParameterRow } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { quote } from '../text/printable.ts';
import { formatValue, readPortList } from '../values/format-value.ts';
import { forKernel, formatKernelVersion } from '../values/kernel-version.ts';
import type { Decision, Plan, Value } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const SHAPES: Readonly<Record<ParameterRow['type'], string>> = {
  integer: 'one whole number',
  boolean: '0 or 1',
  'port-range': 'two ports, the lower one first',
  ports: 'ports and ranges with commas between them',
};

export const valueWithinKernelRange: Check = {
  id: 'value-within-kernel-range',
  severity: 'error',
  why: 'A value that the kernel refuses is not set; one that it takes although it makes no sense (a negative timeout) breaks the host.',
  source: 'bounds read in the kernel, and tried',
  find: (plan) => plan.decisions.flatMap((decision) => breachOf(decision, plan)),
};

function breachOf(decision: Decision, { host }: Plan): Breach[] {
  const { parameter, spelling, value } = decision;
  const row = findParameter(parameter);
  if (!row) return [];
  const causes = decision.rule === 'override' ? decision.causes.map((cause) => `${cause}.value`) : decision.causes;
  if (!hasShape(value, row))
    return [
      {
        message: `${quote(formatValue(value))} is not a value for ${spelling}`,
        remedy: `it takes ${SHAPES[row.type]}`,
        causes,
      },
    ];
  const accepted = forKernel(host.kernel, row.accepts ?? []);
  const bounds = row.safe ?? accepted;
  const [refused, unsafe] = [outside(value, accepted), outside(value, row.safe)];
  const found = refused ?? unsafe;
  if (found === undefined || !bounds) return [];
  const verdict =
    refused === undefined ? 'nettune does not write' : `kernel ${formatKernelVersion(host.kernel)} refuses`;
  return [
    {
      message: `${verdict} ${found} for ${spelling}`,
      remedy: `use ${bounds.min} to ${bounds.max} ${row.unit}`.trimEnd(),
      causes,
    },
  ];
}

/** Whether a value has its parameter's shape; an override may have any. */
function hasShape(value: Value, { type }: ParameterRow): boolean {
  if (type === 'ports') return value === '' || readPortList(String(value)) !== undefined;
  if (type === 'port-range') return Array.isArray(value) && !isReversed(value);
  return typeof value === 'number';
}

function isReversed(value: Value): boolean {
  return Array.isArray(value) && value[0] > value[1];
}

/** The first number that lies outside, as it is shown. */
function outside(value: Value, bounds: { min: number; max: number } | undefined): string | undefined {
  const numbers = typeof value === 'string' || !bounds ? [] : [value].flat();
  const found = numbers.find((number) => number < (bounds?.min ?? 0) || number > (bounds?.max ?? 0));
  return found === undefined ? undefined : formatValue(found);
}
