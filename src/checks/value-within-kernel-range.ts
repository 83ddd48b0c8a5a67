import { acceptedOn, isWritable } from '../parameters/on-kernel.ts';
import type { Bounds, ParameterRow } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { quote } from '../text/printable.ts';
import { formatValue, readValue } from '../values/format-value.ts';
import { formatKernelVersion } from '../values/kernel-version.ts';
import type { Plan, Value } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const SHAPES: Readonly<Record<ParameterRow['type'], string>> = {
  integer: 'one whole number of up to 15 digits',
  boolean: '0 or 1',
  'port-range': 'two ports, the lower one first',
  ports: 'ports and ranges with commas between them',
  triple: 'three whole numbers, none less than the one before',
  word: 'one name of up to 15 letters, digits, _ and -',
};

export const valueWithinKernelRange: Check = {
  id: 'value-within-kernel-range',
  severity: 'error',
  why: 'A value that the kernel refuses is not set; one that it takes although it makes no sense (a negative timeout) breaks the host.',
  source: 'bounds read in the kernel, and tried',
  find: (plan) => Object.entries(plan.profile.sysctl ?? {}).flatMap(([name, { value }]) => breachOf(name, value, plan)),
};

function breachOf(name: string, written: string | number, { host }: Plan): Breach[] {
  const row = findParameter(name);
  if (!row) return [];
  const kernel = formatKernelVersion(host.kernel);
  if (!isWritable(row, host))
    return [
      {
        message: `kernel ${kernel} refuses every value for ${name}: it can only be read`,
        remedy: `remove it${row.insteadOf ? `: ${row.insteadOf}` : ''}`,
        causes: [`sysctl.${name}`],
      },
    ];
  const value = readValue(row, written);
  const causes = [`sysctl.${name}.value`];
  if (value === undefined)
    return [
      { message: `${quote(written)} is not a value for ${name}`, remedy: `it takes ${SHAPES[row.type]}`, causes },
    ];
  const accepted = acceptedOn(row, host);
  const refused = outside(value, accepted);
  if (refused !== undefined && accepted)
    return [
      {
        message: `kernel ${kernel} refuses ${refused} for ${name}`,
        remedy: `it takes ${accepted.min} to ${accepted.max} ${row.unit}`.trimEnd(),
        causes,
      },
    ];
  const unsafe = outside(value, row.safe);
  if (unsafe === undefined || !row.safe) return [];
  const message = `kernel ${kernel} takes ${unsafe} for ${name}, and the host would not work`;
  return [{ message, remedy: `use ${row.safe.min} to ${row.safe.max} ${row.unit}`.trimEnd(), causes }];
}

/** The first number that lies outside, as it is shown. */
function outside(value: Value, bounds: Bounds | undefined): string | undefined {
  const numbers = typeof value === 'string' || !bounds ? [] : [value].flat();
  const found = numbers.find((number) => number < (bounds?.min ?? 0) || number > (bounds?.max ?? 0));
  return found === undefined ? undefined : formatValue(found);
}
