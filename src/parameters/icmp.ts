import { ANY_INT, beforeByte, INT_MAX, INT_MIN, namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** One byte since 5.13, and 0 or 1 alone from a later release on. */
function boundedByteSince(since: string): Required<ParameterRow>['accepts'] {
  return [
    ...beforeByte({ min: INT_MIN, max: INT_MAX }),
    { since: '5.13', until: since, min: 0, max: 255, unverified: true },
    { since, min: 0, max: 1, unverified: true },
  ];
}

const SWITCH = boundedByteSince('5.16');

const COMMON = {
  kind: 'sysctl',
  exists: {},
  scope: namespacedSince('2.6.26', true),
  effect: 'at-once',
  source: 'net/ipv4/icmp.c',
} as const;

/** What this host answers to ICMP, and how often. */
export const ICMP: readonly ParameterRow[] = [
  {
    ...COMMON,
    name: 'net.ipv4.icmp_echo_ignore_all',
    type: 'boolean',
    unit: '',
    accepts: SWITCH,
    redhat: { '9.2': { accepts: { min: 0, max: 1 } } },
    defaults: [{ value: 0 }],
    dangers: ['1 blinds monitoring, and whoever looks for a fault. It hides nothing from a port scan.'],
    summary: 'Whether pings stay unanswered.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.icmp_echo_ignore_broadcasts',
    type: 'boolean',
    unit: '',
    accepts: SWITCH,
    redhat: { '9.2': { accepts: { min: 0, max: 1 } } },
    defaults: [{ value: 1 }],
    dangers: ['0 lets others use this network to flood a third one.'],
    summary: 'Whether pings to a broadcast address stay unanswered.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.icmp_ignore_bogus_error_responses',
    type: 'boolean',
    unit: '',
    accepts: boundedByteSince('5.15'),
    redhat: { '9.2': { accepts: { min: 0, max: 1 } } },
    defaults: [{ value: 1 }],
    summary: 'Whether routers that answer a broadcast with an error are left out of the log.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.icmp_ratelimit',
    type: 'integer',
    unit: 'milliseconds',
    accepts: [
      { until: '2.6.26', min: INT_MIN, max: INT_MAX, unverified: true },
      { since: '2.6.26', min: 0, max: INT_MAX, unverified: true },
    ],
    safe: { min: 0, max: INT_MAX },
    defaults: [{ value: 1000 }],
    dangers: [
      '0 means no limit: whoever forges a sender can flood it by way of this host.',
      'The kernel rounds it to ticks: 4 ms with HZ=250.',
    ],
    summary: 'Least time between two ICMP errors to the same host; which ones, icmp_ratemask says.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.icmp_ratemask',
    type: 'integer',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: 0x7ffff },
    defaults: [{ value: 6168 }],
    dangers: ['A bit for echo replies (1) limits answers to pings.'],
    summary: 'Which ICMP messages icmp_ratelimit counts for: the sum of 2 to the power of each type.',
  },
];
