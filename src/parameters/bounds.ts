import type { Bounds, Fact, ParameterRow } from './parameter.ts';

/** Bounds that many rows share: the kernel has a handful of parsers, and most of its keys go through one of them. */

export const INT_MAX = 2147483647;

/** The largest multiple of 64 in an int: no process can have more open files. */
export const MAX_DESCRIPTORS = 2147483584;

/** The kernel's largest long, as near as a number comes to it: values and bounds of that size are written out as text. */
export const LONG_MAX = 2 ** 63;

/** The same of an unsigned long. */
export const ULONG_MAX = 2 ** 64;

export const INT_MIN = -2147483648;

/** Seconds that survive the conversion to jiffies at HZ=1000, the highest HZ there is: INT_MAX / 1000. */
export const MAX_SECONDS = 2147483;

/** Seconds kept as jiffies. Before 4.12 a larger value wraps without an error; negative ones and 0 are always taken. */
export const SECONDS: Required<ParameterRow>['accepts'] = [
  { until: '4.12', min: INT_MIN, max: INT_MAX },
  { since: '4.12', min: -MAX_SECONDS, max: MAX_SECONDS, byHz: true },
];

/** A plain int that nobody checks. */
export const ANY_INT: Required<ParameterRow>['accepts'] = [{ min: INT_MIN, max: INT_MAX }];

/** One byte since 5.13; a plain int before. The stable series 5.10 has it too. */
export const BYTE: Required<ParameterRow>['accepts'] = [
  { until: '5.13', min: INT_MIN, max: INT_MAX },
  { since: '5.13', min: 0, max: 255 },
];

/** A switch of the connection tracker: checked since 5.2. */
export const TRACKER_SWITCH: Required<ParameterRow>['accepts'] = [
  { until: '5.2', min: INT_MIN, max: INT_MAX },
  { since: '5.2', min: 0, max: 1 },
];

/** A change of mainline that the stable series 6.1 and 6.12 have as well, in these releases at the latest. */
export function boundedSince(mainline: string, before: Bounds, after: Bounds): Required<ParameterRow>['accepts'] {
  return [
    { until: '6.1.192', ...before },
    { since: '6.1.192', until: '6.2', ...after, unverified: true },
    { since: '6.2', until: '6.12.117', ...before },
    { since: '6.12.117', until: '6.13', ...after, unverified: true },
    { since: '6.13', until: mainline, ...before, unverified: true },
    { since: mainline, ...after, unverified: true },
  ];
}

/** The machine's until a release, each namespace's own from then on. */
export function namespacedSince(since: string, unverified?: true): Required<ParameterRow>['scope'] {
  const mark: Fact = unverified ? { unverified } : {};
  return [
    { ...mark, until: since, scope: 'machine-hidden' },
    { ...mark, since, scope: 'namespace' },
  ];
}
