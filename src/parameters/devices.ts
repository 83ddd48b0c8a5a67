import { ANY_INT, INT_MAX } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

const MANUAL = 'Documentation/admin-guide/sysctl/net.rst';

/** Between the network card and the stack. */
export const DEVICES: readonly ParameterRow[] = [
  {
    name: 'net.core.netdev_max_backlog',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'packets',
    accepts: ANY_INT,
    safe: { min: 1, max: 1_000_000 },
    defaults: [{ value: 1000 }],
    scope: [{ scope: 'machine-hidden' }],
    effect: 'at-once',
    dangers: ['Most cards do not use this queue. Its losses are the second column of /proc/net/softnet_stat.'],
    summary: 'Packets that wait, on each CPU, between a network card without its own queue and the stack.',
    source: MANUAL,
  },
  {
    name: 'net.core.netdev_budget',
    kind: 'sysctl',
    exists: { since: '2.6.13' },
    type: 'integer',
    unit: 'packets',
    accepts: ANY_INT,
    safe: { min: 1, max: 1_000_000 },
    defaults: [{ value: 300 }],
    scope: [{ scope: 'machine-hidden' }],
    effect: 'at-once',
    dangers: ['From 4.12 on netdev_budget_usecs ends the round as well.'],
    summary: 'Packets taken from all cards in one round.',
    source: `${MANUAL}, commit 51b0bdedb8e7`,
  },
  {
    name: 'net.core.netdev_budget_usecs',
    kind: 'sysctl',
    exists: { since: '4.12' },
    type: 'integer',
    unit: 'microseconds',
    accepts: [
      // Two ticks. The stable series 6.1 has it too.
      { until: '6.1.192', min: 0, max: INT_MAX },
      { since: '6.1.192', until: '6.2', min: 2000, minByHz: true, max: INT_MAX, unverified: true },
      { since: '6.2', until: '6.12', min: 0, max: INT_MAX, unverified: true },
      { since: '6.12', min: 2000, minByHz: true, max: INT_MAX, unverified: true },
    ],
    safe: { min: 2000, max: 1_000_000 },
    defaults: [
      { until: '5.5', value: 2000, unverified: true },
      { since: '5.5', formula: 'two ticks: 8,000 with HZ=250 as on Debian, 2,000 with HZ=1000', unverified: true },
    ],
    scope: [{ scope: 'machine-hidden' }],
    effect: 'at-once',
    dangers: ['Recent kernels refuse less than two ticks: 8,000 with HZ=250 as on Debian, 2,000 with HZ=1000.'],
    summary: 'How long one round may take.',
    source: MANUAL,
  },
  {
    name: 'net.core.default_qdisc',
    kind: 'sysctl',
    exists: { since: '3.12' },
    type: 'word',
    unit: '',
    defaults: [
      { value: 'pfifo_fast', formula: 'pfifo_fast, unless the kernel was built with another: fq_codel on Debian' },
    ],
    modules: [{ module: 'sch_*, loaded by itself' }],
    scope: [{ scope: 'machine-hidden' }],
    effect: 'new-devices',
    dangers: ['Interfaces that are up keep theirs until they are set up again.'],
    redhat: { '6': { exists: true }, '7': { exists: true } },
    summary: 'The queueing discipline that new network devices get.',
    source: MANUAL,
  },
];
