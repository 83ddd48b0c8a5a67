import { defaultBuckets, defaultEntries } from '../rules/kernel-table.ts';
import type { ParameterRow } from './parameter.ts';

const INT_MAX = 2147483647;

/** 2 GiB of buckets of 8 bytes: what the kernel can allocate for the table. */
const MOST_BUCKETS = 268435455;

/** The size of the connection table. */
export const CONNTRACK_TABLE: readonly ParameterRow[] = [
  {
    name: 'nf_conntrack hashsize',
    kind: 'module-option',
    formerNames: [{ until: '2.6.20', name: 'ip_conntrack hashsize' }],
    exists: {},
    type: 'integer',
    unit: 'buckets',
    safe: { min: 32, max: MOST_BUCKETS },
    defaults: [{ value: defaultBuckets }],
    module: 'nf_conntrack',
    summary:
      'Hash buckets of the connection table, taken when the module is loaded. Given alone it sets nf_conntrack_max to 8 times itself.',
    source: 'net/netfilter/nf_conntrack_core.c',
  },
  {
    name: 'net.netfilter.nf_conntrack_buckets',
    kind: 'sysctl',
    exists: { since: '4.8' },
    insteadOf: 'before 4.8 it is read-only: the module option hashsize sets it',
    type: 'integer',
    unit: 'buckets',
    safe: { min: 32, max: MOST_BUCKETS },
    defaults: [{ value: defaultBuckets }],
    module: 'nf_conntrack',
    summary: 'The same number on a running kernel; rounded up to whole pages. Never changes nf_conntrack_max.',
    source: 'net/netfilter/nf_conntrack_standalone.c',
  },
  {
    name: 'net.netfilter.nf_conntrack_max',
    kind: 'sysctl',
    formerNames: [{ until: '2.6.20', name: 'net.ipv4.netfilter.ip_conntrack_max' }],
    aliases: ['net.nf_conntrack_max', 'net.ipv4.ip_conntrack_max'],
    exists: {},
    type: 'integer',
    unit: 'entries',
    accepts: [
      { until: '6.19', min: 0, max: INT_MAX },
      { since: '6.19', min: 1, max: INT_MAX },
    ],
    safe: { min: 1, max: INT_MAX },
    defaults: [{ value: defaultEntries }],
    module: 'nf_conntrack',
    summary: 'Most entries the table may hold; a packet that needs one more is dropped. 0 means no limit up to 6.18.',
    source: 'Documentation/networking/nf_conntrack-sysctl.rst',
  },
];
