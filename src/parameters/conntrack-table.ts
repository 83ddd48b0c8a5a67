import { defaultBuckets, defaultEntries } from '../sizing/kernel-table.ts';
import { changedSince, INT_MAX, INT_MIN, namespacedSince, TRACKER_BOUNDED } from './bounds.ts';
import { oldName, TABLE_MODULES } from './conntrack-modules.ts';
import type { ParameterRow } from './parameter.ts';

/** A larger table is refused: INT_MAX / 8. */
const MAX_BUCKETS = 268435455;

const BY_MEMORY = 'memory / 16384 / the size of a bucket';

const UP_TO_65536 = `${BY_MEMORY}, 16,384 above 1 GiB, 65,536 above 4 GiB`;

const UP_TO_262144 = `${BY_MEMORY}, 65,536 above 1 GiB, 262,144 above 4 GiB on 64 bits`;

/** Above so much memory the number is fixed. */
const DEFAULT_BUCKETS: Required<ParameterRow>['defaults'] = [
  { until: '2.6.23', value: defaultBuckets, formula: `${BY_MEMORY}, 8,192 above 1 GiB` },
  { since: '2.6.23', until: '4.0', value: defaultBuckets, formula: `${BY_MEMORY}, 16,384 above 1 GiB` },
  {
    since: '4.0',
    until: '5.15',
    value: defaultBuckets,
    formula: UP_TO_65536,
  },
  {
    since: '5.15',
    value: defaultBuckets,
    formula: UP_TO_262144,
  },
];

/** The size of the connection table. */
export const CONNTRACK_TABLE: readonly ParameterRow[] = [
  {
    name: 'nf_conntrack hashsize',
    kind: 'module-option',
    formerNames: [{ until: '2.6.20', name: 'ip_conntrack hashsize' }],
    aliases: [
      { name: 'nf_conntrack.hashsize' },
      { since: '2.6.24', until: '4.19', name: 'nf_conntrack_ipv4 hashsize', unverified: true },
    ],
    exists: {},
    type: 'integer',
    unit: 'buckets',
    accepts: [{ min: 1, max: MAX_BUCKETS }],
    safe: { min: 32, max: MAX_BUCKETS },
    defaults: DEFAULT_BUCKETS,
    modules: TABLE_MODULES,
    scope: [{ scope: 'machine-hidden' }],
    effect: 'module-load',
    redhat: { '7': { default: { formula: UP_TO_65536 } }, '9': { default: { formula: UP_TO_262144 } } },
    dangers: [
      'Given alone it makes nf_conntrack_max 8 times itself.',
      'A module that is loaded already keeps its table: write to /sys/module/nf_conntrack/parameters/hashsize as well.',
      'Where the tracker is built into the kernel only the boot parameter nf_conntrack.hashsize counts.',
    ],
    summary:
      'Hash buckets of the connection table, taken when the module is loaded. Given alone it sets nf_conntrack_max to 8 times itself.',
    source: 'net/netfilter/nf_conntrack_core.c',
  },
  {
    name: 'net.netfilter.nf_conntrack_buckets',
    kind: 'sysctl',
    formerNames: oldName('buckets'),
    exists: {},
    readOnly: { until: '4.8' },
    insteadOf: 'before 4.8 it is read-only: the module option hashsize sets it',
    type: 'integer',
    unit: 'buckets',
    accepts: [{ min: 1, max: MAX_BUCKETS }],
    safe: { min: 32, max: MAX_BUCKETS },
    defaults: DEFAULT_BUCKETS,
    modules: TABLE_MODULES,
    scope: [
      { until: '2.6.28', scope: 'machine-hidden' },
      { since: '2.6.28', until: '4.7', scope: 'namespace' },
      { since: '4.7', scope: 'machine-readable' },
    ],
    effect: 'at-once',
    dangers: [
      'The table stands still while its entries move into the new one.',
      'It never changes nf_conntrack_max.',
      'Reading it back gives the number rounded up to whole pages, not the one that was written.',
    ],
    redhat: { '7': { default: { formula: UP_TO_65536 } }, '9': { default: { formula: UP_TO_262144 } } },
    summary:
      'Hash buckets of the connection table on a running kernel; rounded up to whole pages. Never changes nf_conntrack_max.',
    source: 'net/netfilter/nf_conntrack_standalone.c',
  },
  {
    name: 'net.netfilter.nf_conntrack_max',
    kind: 'sysctl',
    formerNames: oldName('max'),
    aliases: [
      { since: '2.6.15', name: 'net.nf_conntrack_max' },
      { until: '2.6.22', name: 'net.ipv4.ip_conntrack_max' },
    ],
    exists: {},
    type: 'integer',
    unit: 'entries',
    accepts: [
      ...changedSince(
        { mainline: '6.15', stable: TRACKER_BOUNDED },
        { min: INT_MIN, max: INT_MAX },
        { min: 0, max: INT_MAX },
      ).map((each) => (each.since === '6.15' ? { ...each, until: '6.19' } : each)),
      { since: '6.19', min: 1, max: INT_MAX },
    ],
    safe: { min: 1, max: INT_MAX },
    harm: 'then nothing bounds the table, and it grows until no memory is left',
    defaults: [
      { until: '2.6.23', value: defaultEntries, formula: '8 for each bucket' },
      { since: '2.6.23', until: '5.15', value: defaultEntries, formula: '4 for each bucket; 8 when hashsize is given' },
      { since: '5.15', value: defaultEntries, formula: '1 for each bucket; 8 when hashsize is given' },
    ],
    redhat: { '9': { default: { formula: '1 for each bucket; 8 when hashsize is given' } } },
    modules: TABLE_MODULES,
    scope: [
      { until: '3.9', scope: 'machine-hidden' },
      { since: '3.9', until: '5.13', scope: 'machine-writable' },
      { since: '5.13', scope: 'machine-readable' },
    ],
    effect: 'new-entries',
    dangers: [
      'An entry takes memory that cannot be swapped.',
      'More entries in as many buckets are found more slowly: buckets have to grow with it.',
      'It goes back to the default when the module is loaded again.',
      '0 means no limit up to 6.18, and is refused from 6.19 on.',
    ],
    summary: 'Most entries the table may hold; a packet that needs one more is dropped. 0 means no limit up to 6.18.',
    source: 'Documentation/networking/nf_conntrack-sysctl.rst',
  },
  {
    name: 'net.netfilter.nf_conntrack_count',
    kind: 'sysctl',
    formerNames: oldName('count'),
    exists: {},
    readOnly: {},
    insteadOf: 'it counts the entries that there are; nf_conntrack_max limits them',
    type: 'integer',
    unit: 'entries',
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.28'),
    effect: 'never',
    summary: 'Entries that the table holds now. Worth watching against nf_conntrack_max.',
    source: 'net/netfilter/nf_conntrack_standalone.c',
  },
];
