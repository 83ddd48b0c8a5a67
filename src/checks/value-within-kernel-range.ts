import { INT_MAX } from '../parameters/bounds.ts';
import { numbersOf } from '../parameters/is-plausible.ts';
import { acceptedOn, isWritable, safeOn, spell } from '../parameters/on-kernel.ts';
import type { Bounds, ParameterRow } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { formatValue, readValue } from '../values/format-value.ts';
import type { Host } from '../values/host.ts';
import { formatKernelVersion } from '../values/kernel-version.ts';
import type { Decision, Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const valueWithinKernelRange: Check = {
  id: 'value-within-kernel-range',
  severity: 'error',
  mandatory: true,
  what: 'Each value lies within what the kernel accepts, and within what does no harm.',
  why: 'A value that the kernel refuses is not set; one that it takes although it makes no sense (a negative timeout) breaks the host.',
  fix: 'Use a value of the range: `nettune parameters NAME` shows it.',
  source: 'bounds read in the kernel, and tried',
  find: (plan) => [
    ...Object.keys(plan.profile.sysctl ?? {}).flatMap((name) => unwritable(name, plan)),
    ...[...overrides(plan), ...plan.decisions.filter(({ rule }) => rule !== 'override')].flatMap((each) =>
      outOfBounds(each, plan),
    ),
  ],
};

type Candidate = Pick<Decision, 'parameter' | 'spelling' | 'value' | 'causes'>;

/** As they are written: those that make no sense are no decisions. */
function overrides({ profile, host }: Plan): Candidate[] {
  return Object.entries(profile.sysctl ?? {}).flatMap(([name, { value: written }]) => {
    const row = findParameter(name);
    const value = row && readValue(row, written);
    if (!row || value === undefined) return [];
    return [{ parameter: row.name, spelling: spell(row, host) ?? name, value, causes: [`sysctl.${name}.value`] }];
  });
}

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

function outOfBounds({ parameter, spelling, value, causes }: Candidate, { host }: Plan): Breach[] {
  const row = findParameter(parameter);
  if (!row) return [];
  const numbers = numbersOf(row, value);
  const accepted = acceptedBy(row, host);
  const refused = outside(numbers, accepted);
  const safe = safeOn(row, host);
  const found = refused ?? outside(numbers, safe);
  if (found === undefined) return [];
  const least = Math.max(accepted?.min ?? -Infinity, safe?.min ?? -Infinity);
  const most = Math.min(accepted?.max ?? Infinity, safe?.max ?? Infinity);
  const shown = `${row.type === 'integer' ? formatValue(value) : found} for ${spelling}`;
  const kernel = `kernel ${formatKernelVersion(host.kernel)}`;
  return [
    {
      message: refused === undefined ? describeHarm(row, kernel, shown) : `${kernel} refuses ${shown}`,
      remedy: `use ${formatValue(least)} to ${formatValue(most)} ${row.unit}`.trimEnd(),
      causes,
    },
  ];
}

function describeHarm(
  { kind, harm = 'nettune knows no host that it is good for' }: ParameterRow,
  kernel: string,
  shown: string,
): string {
  return kind === 'sysctl' ? `${kernel} takes ${shown}, but ${harm}` : `nettune does not write ${shown}`;
}

/** Debian's kernels, and those of Ubuntu up to 24.04, are built with HZ=250; a long of 32 bits holds no more than an int. */
function acceptedBy(row: ParameterRow, host: Host): Bounds | undefined {
  const bounds = acceptedOn(row, host);
  if (!bounds) return undefined;
  const min = bounds.minByHz && host.distribution.family === 'debian' ? bounds.min * 4 : bounds.min;
  return { ...bounds, min, max: host.architecture.bits === 32 ? Math.min(bounds.max, INT_MAX) : bounds.max };
}

/** The first that lies outside. */
function outside(numbers: readonly number[], bounds: Bounds | undefined): number | undefined {
  return bounds && numbers.find((number) => number < bounds.min || number > bounds.max);
}
