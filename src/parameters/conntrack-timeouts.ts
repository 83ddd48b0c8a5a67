import { MAX_SECONDS, namespacedSince, SECONDS } from './bounds.ts';
import { MERGED_MODULES, oldName, PROTOCOL_MODULES, TABLE_MODULES } from './conntrack-modules.ts';
import type { ParameterRow } from './parameter.ts';

interface Timeout extends Partial<Pick<ParameterRow, 'defaults' | 'exists' | 'modules' | 'dangers' | 'redhat'>> {
  /** The part of the name after `nf_conntrack_`. */
  readonly state: string;
  readonly seconds: number;
  readonly summary: string;
  /** Whether the old tracker had it too, under its own name. */
  readonly isOld?: boolean;
}

const OF_ENTRIES: readonly Timeout[] = [
  {
    state: 'tcp_timeout_established',
    seconds: 432000,
    summary: 'TCP, handshake done.',
    dangers: [
      'A connection that is idle for longer loses its entry while it lives: its keepalive probes have to come more often.',
      'RFC 5382 asks gateways that translate for 7,440 s at least.',
    ],
  },
  {
    state: 'tcp_timeout_syn_sent',
    seconds: 120,
    summary: 'TCP, SYN seen, no answer yet.',
    dangers: ['Below the time between two SYNs, each SYN of a client counts as a connection of its own.'],
  },
  { state: 'tcp_timeout_syn_recv', seconds: 60, summary: 'TCP, SYN answered, handshake not done.' },
  {
    state: 'tcp_timeout_fin_wait',
    seconds: 120,
    summary: 'TCP, one side has closed.',
    dangers: ['A side that closes first and goes on receiving lives on this time.'],
  },
  {
    state: 'tcp_timeout_close_wait',
    seconds: 60,
    summary: 'TCP, waiting for the other side to close.',
    dangers: ['Connections that stay half open for longer lose their entry; kube-proxy sets 3,600.'],
  },
  { state: 'tcp_timeout_last_ack', seconds: 30, summary: 'TCP, both have closed, the last ACK is missing.' },
  {
    state: 'tcp_timeout_time_wait',
    seconds: 120,
    summary: 'TCP, closed in order.',
    dangers: ['It is not the TIME_WAIT of the sockets, which is 60 s in every kernel.'],
  },
  { state: 'tcp_timeout_close', seconds: 10, summary: 'TCP, reset.' },
  {
    state: 'tcp_timeout_max_retrans',
    seconds: 300,
    summary: 'TCP, after nf_conntrack_tcp_max_retrans packets were sent again without an answer.',
    dangers: ['It counts only where it is shorter than the time of the state.'],
  },
  {
    state: 'tcp_timeout_unacknowledged',
    seconds: 300,
    summary: 'TCP, while data waits for its acknowledgement.',
    isOld: false,
    exists: { since: '2.6.27' },
    dangers: ['Transfers over slow or lossy paths end when it is shorter than their retransmission time.'],
  },
  {
    state: 'udp_timeout',
    seconds: 30,
    summary: 'UDP, no dialogue yet.',
    dangers: ['Below about 10 s slow answers of name servers come too late.'],
  },
  {
    state: 'udp_timeout_stream',
    seconds: 120,
    summary: 'UDP, packets both ways.',
    defaults: [
      { until: '5.0', value: 180 },
      { since: '5.0', value: 120 },
    ],
    dangers: ['RFC 4787 asks gateways that translate for 120 s at least.'],
    // From 8.3 on; 8.1 has 180.
    redhat: { '8': { ...MERGED_MODULES['8'], default: { value: 120 } } },
  },
  { state: 'icmp_timeout', seconds: 30, summary: 'ICMP queries such as ping.' },
  {
    state: 'icmpv6_timeout',
    seconds: 30,
    summary: 'ICMPv6 queries such as ping.',
    isOld: false,
    modules: [
      { until: '4.19', module: 'nf_conntrack_ipv6' },
      { since: '4.19', module: 'nf_conntrack' },
    ],
    exists: { since: '2.6.15' },
  },
  {
    state: 'generic_timeout',
    seconds: 600,
    summary: 'Protocols that the kernel does not know further.',
    modules: TABLE_MODULES,
  },
  { state: 'gre_timeout', seconds: 30, summary: 'GRE, one way.', isOld: false, exists: { since: '5.0' } },
  { state: 'gre_timeout_stream', seconds: 180, summary: 'GRE, both ways.', isOld: false, exists: { since: '5.0' } },
];

/** Flows that go round the stack: net/netfilter/nf_conntrack_standalone.c, read in 4.18.0-372 to 6.14. */
const FLOWTABLES: readonly ParameterRow[] = ['tcp', 'udp'].map((protocol) => ({
  name: `net.netfilter.nf_flowtable_${protocol}_timeout`,
  kind: 'sysctl',
  exists: { since: '5.14', unverified: true },
  type: 'integer',
  unit: 'seconds',
  accepts: SECONDS,
  safe: { min: 1, max: MAX_SECONDS },
  harm: 'then flows leave the flowtable at once',
  defaults: [{ value: 30 }],
  modules: [{ module: 'nf_conntrack' }],
  builtWith: 'CONFIG_NF_FLOW_TABLE',
  scope: namespacedSince('5.14', true),
  effect: 'next-packet',
  dangers: ['It does nothing unless nftables offloads flows to a flowtable.'],
  redhat: { '8.4': { exists: true, scope: 'namespace' } },
  summary: `How long a flow of ${protocol.toUpperCase()} without packets stays in a flowtable.`,
  source: 'net/netfilter/nf_conntrack_standalone.c',
}));

/** How long an entry stays when no packet of its flow passes. A change reaches an existing entry with its next packet. */
export const CONNTRACK_TIMEOUTS: readonly ParameterRow[] = [...OF_ENTRIES.map(asRow), ...FLOWTABLES];

function asRow({ state, seconds, isOld = true, summary, ...facts }: Timeout): ParameterRow {
  return {
    name: `net.netfilter.nf_conntrack_${state}`,
    kind: 'sysctl',
    ...(isOld ? { formerNames: oldName(state) } : {}),
    exists: {},
    type: 'integer',
    unit: 'seconds',
    // 0 and negative values are accepted too, and end entries at once.
    accepts: SECONDS,
    safe: { min: 1, max: MAX_SECONDS },
    harm: 'then entries end at once',
    defaults: [{ value: seconds }],
    modules: PROTOCOL_MODULES,
    scope: namespacedSince('3.6'),
    effect: 'next-packet',
    redhat: MERGED_MODULES,
    source: 'Documentation/networking/nf_conntrack-sysctl.rst',
    ...facts,
    summary: `${summary.replace(/\.$/, '')}: how long an entry stays without a packet.`,
  };
}
