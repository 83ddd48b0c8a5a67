import { type KernelRange, parseKernelVersion } from '../values/kernel-version.ts';
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

/** The releases in which the stable series got the bounds that the connection tracker's sysctls have since 6.15. */
export const TRACKER_BOUNDED = ['5.4.294', '5.10.238', '5.15.185', '6.1.141', '6.6.93', '6.12.107'];

/** A switch of the connection tracker: checked since 5.2. */
export const TRACKER_SWITCH: Required<ParameterRow>['accepts'] = [
  { until: '5.2', min: INT_MIN, max: INT_MAX },
  { since: '5.2', min: 0, max: 1 },
];

/** The releases that brought a change: one of mainline, unless it has none, and those of stable series, ascending. */
interface Change {
  readonly mainline?: string;
  /** `6.1.141` holds until 6.2. */
  readonly stable: readonly string[];
}

/** Facts before and after a change that stable series have as well. */
export function changedSince<Statement>(
  { mainline, stable }: Change,
  before: Statement,
  after: Statement,
): (Fact & Statement)[] {
  const facts: (Fact & Statement)[] = [];
  let start: KernelRange = {};
  for (const since of stable) {
    const [major, minor] = parseKernelVersion(since);
    const until = `${major}.${minor + 1}`;
    facts.push({ ...start, until: since, ...before }, { since, until, unverified: true, ...after });
    start = { since: until };
  }
  if (mainline === undefined) return [...facts, { ...start, ...before }];
  return [...facts, { ...start, until: mainline, ...before }, { since: mainline, unverified: true, ...after }];
}

/** The machine's until a release, each namespace's own from then on. */
export function namespacedSince(since: string, unverified?: true): Required<ParameterRow>['scope'] {
  const mark: Fact = unverified ? { unverified } : {};
  return [
    { ...mark, until: since, scope: 'machine-hidden' },
    { ...mark, since, scope: 'namespace' },
  ];
}

/** Until 5.13, when most switches of IPv4 became one byte; the series 5.10 has it too. */
export function beforeByte(before: Bounds): Required<ParameterRow>['accepts'] {
  return [
    { until: '5.10.178', ...before },
    { since: '5.10.178', until: '5.11', min: 0, max: 255 },
    { since: '5.11', until: '5.13', ...before },
  ];
}

/** One byte since 5.13; a plain int before. */
export const BYTE: Required<ParameterRow>['accepts'] = [
  ...beforeByte({ min: INT_MIN, max: INT_MAX }),
  { since: '5.13', min: 0, max: 255 },
];
