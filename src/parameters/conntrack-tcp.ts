import { INT_MAX, INT_MIN, namespacedSince, TRACKER_SWITCH } from './bounds.ts';
import { MERGED_MODULES, oldName, PROTOCOL_MODULES } from './conntrack-modules.ts';
import type { ParameterRow } from './parameter.ts';

const MANUAL = 'Documentation/networking/nf_conntrack-sysctl.rst';

/** Which segments of TCP the tracker takes for part of a connection. */
export const CONNTRACK_TCP: readonly ParameterRow[] = [
  {
    name: 'net.netfilter.nf_conntrack_tcp_loose',
    kind: 'sysctl',
    formerNames: oldName('tcp_loose'),
    exists: {},
    type: 'integer',
    unit: '',
    accepts: TRACKER_SWITCH,
    safe: { min: 0, max: 3 },
    defaults: [
      { until: '2.6.21', value: 3, formula: '3: the packets each way that had to be seen' },
      { since: '2.6.21', value: 1 },
    ],
    modules: PROTOCOL_MODULES,
    scope: namespacedSince('3.6'),
    effect: 'new-entries',
    dangers: [
      '0 makes every connection invalid that is older than its entry: after a table flush, a fail-over, or a rule that tracked nothing before.',
    ],
    redhat: { '5': { default: { value: 1 } }, ...MERGED_MODULES },
    summary: 'Whether a connection is tracked whose beginning was not seen.',
    source: `${MANUAL}, commit a09113c2c8ec`,
  },
  {
    name: 'net.netfilter.nf_conntrack_tcp_be_liberal',
    kind: 'sysctl',
    formerNames: oldName('tcp_be_liberal'),
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: TRACKER_SWITCH,
    defaults: [{ value: 0 }],
    modules: PROTOCOL_MODULES,
    scope: namespacedSince('3.6'),
    effect: 'at-once',
    dangers: ['Packets outside the window pass, so the window is no protection any more.'],
    redhat: MERGED_MODULES,
    summary: 'Takes packets outside the window for valid, except resets; for packets that return another way.',
    source: MANUAL,
  },
  {
    name: 'net.netfilter.nf_conntrack_tcp_ignore_invalid_rst',
    kind: 'sysctl',
    exists: { since: '5.14', unverified: true },
    type: 'boolean',
    unit: '',
    accepts: TRACKER_SWITCH,
    defaults: [{ value: 0 }],
    modules: PROTOCOL_MODULES,
    scope: namespacedSince('5.14'),
    effect: 'at-once',
    summary: 'Takes resets outside the window for valid.',
    source: MANUAL,
  },
  {
    name: 'net.netfilter.nf_conntrack_tcp_max_retrans',
    kind: 'sysctl',
    formerNames: oldName('tcp_max_retrans'),
    exists: {},
    type: 'integer',
    unit: 'packets',
    accepts: [
      { until: '5.13', min: INT_MIN, max: INT_MAX },
      { since: '5.13', min: 0, max: 255 },
    ],
    safe: { min: 0, max: 255 },
    defaults: [{ value: 3 }],
    modules: PROTOCOL_MODULES,
    scope: namespacedSince('3.6'),
    effect: 'at-once',
    dangers: ['Not to be confused with nf_conntrack_tcp_timeout_max_retrans, which is a time.'],
    redhat: MERGED_MODULES,
    summary: 'Packets sent again without an answer, after which nf_conntrack_tcp_timeout_max_retrans ends the entry.',
    source: MANUAL,
  },
];
