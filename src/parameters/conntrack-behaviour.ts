import { INT_MAX, INT_MIN, MAX_SECONDS, namespacedSince, SECONDS, TRACKER_SWITCH } from './bounds.ts';
import { oldName, TABLE_MODULES } from './conntrack-modules.ts';
import type { ParameterRow } from './parameter.ts';

const MANUAL = 'Documentation/networking/nf_conntrack-sysctl.rst';

type Behaviour = Omit<ParameterRow, 'name' | 'kind' | 'unit' | 'source'> & {
  /** The part of the name after `nf_conntrack_`. */
  readonly rest: string;
  readonly unit?: string;
  readonly source?: string;
};

/** What the tracker notes of a connection, and what it takes for one. */
const BEHAVIOURS: readonly Behaviour[] = [
  {
    rest: 'checksum',
    formerNames: oldName('checksum'),
    exists: { since: '2.6.18' },
    type: 'boolean',
    accepts: TRACKER_SWITCH,
    defaults: [{ value: 1 }],
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.28'),
    effect: 'at-once',
    dangers: ['0 lets damaged segments change the state of an entry.'],
    summary: 'Whether a packet with a wrong checksum is invalid instead of tracked.',
  },
  {
    rest: 'log_invalid',
    formerNames: oldName('log_invalid'),
    exists: {},
    type: 'integer',
    unit: 'IP protocol',
    accepts: [{ min: 0, max: 255 }],
    defaults: [{ value: 0 }],
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.28'),
    effect: 'at-once',
    dangers: ['It can flood the log.', 'Nothing is logged where no logger is registered.'],
    summary: 'Invalid packets of this protocol are logged: 0 none, 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6, 255 all.',
  },
  {
    rest: 'acct',
    exists: { since: '2.6.27' },
    type: 'boolean',
    accepts: TRACKER_SWITCH,
    defaults: [
      { until: '2.6.37', value: 0, formula: '0; 1 when built with CONFIG_NF_CT_ACCT' },
      { since: '2.6.37', value: 0 },
    ],
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.28'),
    effect: 'new-entries',
    dangers: ['Every entry takes more memory.'],
    summary: 'Counts packets and bytes of every entry.',
  },
  {
    rest: 'events',
    exists: { since: '2.6.31' },
    type: 'integer',
    accepts: [
      { until: '5.2', min: INT_MIN, max: INT_MAX },
      { since: '5.2', until: '5.19', min: 0, max: 1, unverified: true },
      { since: '5.19', min: 0, max: 2, unverified: true },
    ],
    safe: { min: 0, max: 2 },
    defaults: [
      { until: '5.19', value: 1, unverified: true },
      { since: '5.19', value: 2, unverified: true },
    ],
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.31'),
    effect: 'new-entries',
    redhat: { '9.1': { accepts: { min: 0, max: 2 }, default: { value: 2 } } },
    dangers: ['0 makes conntrackd and everything else that waits for events blind.'],
    summary: 'Whether programs are told of entries that come and go: 0 no, 1 yes, 2 when one listens.',
  },
  {
    rest: 'events_retry_timeout',
    exists: { since: '2.6.31', until: '3.19', unverified: true },
    insteadOf: 'events that could not be delivered are tried again without it',
    type: 'integer',
    unit: 'seconds',
    accepts: SECONDS,
    safe: { min: 1, max: MAX_SECONDS },
    defaults: [{ value: 15 }],
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.31'),
    effect: 'next-timer',
    summary: 'When an event that could not be delivered is tried again.',
  },
  {
    rest: 'helper',
    exists: { since: '3.5', until: '6.0' },
    insteadOf: 'name the helper in a rule: -j CT --helper, or ct helper in nftables',
    type: 'boolean',
    accepts: TRACKER_SWITCH,
    defaults: [
      { until: '4.7', value: 1 },
      { since: '4.7', value: 0 },
    ],
    modules: TABLE_MODULES,
    scope: namespacedSince('3.5'),
    effect: 'new-entries',
    dangers: ["1 lets whoever sends to a helper's port open further ports."],
    summary: 'Attaches helpers such as those of FTP and SIP by port alone.',
  },
  {
    rest: 'timestamp',
    exists: { since: '2.6.39', unverified: true },
    type: 'boolean',
    accepts: TRACKER_SWITCH,
    defaults: [{ value: 0 }],
    modules: TABLE_MODULES,
    scope: namespacedSince('2.6.39'),
    effect: 'new-entries',
    summary: 'Notes when an entry began and ended.',
  },
  {
    rest: 'default_on',
    exists: { since: '4.10', until: '4.14' },
    insteadOf: 'tracking starts in a namespace when a rule there needs it',
    type: 'boolean',
    accepts: [{ min: INT_MIN, max: INT_MAX }],
    defaults: [{ value: 1 }],
    modules: TABLE_MODULES,
    scope: [{ scope: 'machine-hidden' }],
    effect: 'new-namespaces',
    summary: 'Whether new network namespaces track from the start.',
    source: 'net/netfilter/nf_conntrack_standalone.c',
  },
];

export const CONNTRACK_BEHAVIOUR: readonly ParameterRow[] = [
  ...BEHAVIOURS.map(
    ({ rest, ...row }): ParameterRow => ({
      name: `net.netfilter.nf_conntrack_${rest}`,
      kind: 'sysctl',
      unit: '',
      source: MANUAL,
      ...row,
    }),
  ),
  {
    name: 'nf_conntrack enable_hooks',
    kind: 'module-option',
    aliases: [{ name: 'nf_conntrack.enable_hooks' }],
    exists: { since: '5.2', unverified: true },
    type: 'boolean',
    unit: '',
    accepts: [{ min: 0, max: 1 }],
    defaults: [{ value: 0 }],
    modules: TABLE_MODULES,
    scope: [{ scope: 'machine-hidden' }],
    effect: 'module-load',
    dangers: ['Without it nothing is tracked from 4.10 on before a rule needs it, so the counters stay at 0.'],
    summary: 'Tracks in every namespace from the start, whether a rule needs it or not.',
    source: 'net/netfilter/nf_conntrack_standalone.c',
  },
];
