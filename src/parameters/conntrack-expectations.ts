import { defaultBuckets } from '../sizing/kernel-table.ts';
import type { Machine } from '../values/host.ts';
import { changedSince, INT_MAX, INT_MIN, TRACKER_BOUNDED } from './bounds.ts';
import { TABLE_MODULES } from './conntrack-modules.ts';
import type { ParameterRow } from './parameter.ts';

/** Buckets of the table of expectations. Source: nf_conntrack_expect_init(). */
function expectationBuckets(machine: Machine): number {
  return Math.max(1, Math.floor(defaultBuckets(machine) / 256));
}

/** Connections that helpers foresee, such as the data connection of FTP. */
export const CONNTRACK_EXPECTATIONS: readonly ParameterRow[] = [
  {
    name: 'nf_conntrack expect_hashsize',
    kind: 'module-option',
    aliases: [{ name: 'nf_conntrack.expect_hashsize' }],
    exists: { since: '2.6.23', unverified: true },
    type: 'integer',
    unit: 'buckets',
    accepts: [{ min: 1, max: INT_MAX }],
    defaults: [{ value: expectationBuckets, formula: '1 for every 256 buckets of the connection table, at least 1' }],
    modules: TABLE_MODULES,
    scope: [{ scope: 'machine-hidden' }],
    effect: 'module-load',
    summary: 'Hash buckets of the table of expected connections.',
    source: 'net/netfilter/nf_conntrack_expect.c',
  },
  {
    name: 'net.netfilter.nf_conntrack_expect_max',
    kind: 'sysctl',
    exists: { since: '2.6.23' },
    type: 'integer',
    unit: 'expectations',
    accepts: changedSince(
      { mainline: '6.15', stable: TRACKER_BOUNDED },
      { min: INT_MIN, max: INT_MAX },
      { min: 1, max: INT_MAX },
    ),
    safe: { min: 1, max: INT_MAX },
    defaults: [
      { value: (machine) => 4 * expectationBuckets(machine), formula: '4 for each bucket of expected connections' },
    ],
    modules: TABLE_MODULES,
    scope: [
      { until: '5.13', scope: 'machine-writable' },
      { since: '5.13', scope: 'machine-readable' },
    ],
    effect: 'new-entries',
    summary: 'Most connections that helpers may expect at a time.',
    source: 'net/netfilter/nf_conntrack_expect.c, commit f264a7df08d5',
  },
];
