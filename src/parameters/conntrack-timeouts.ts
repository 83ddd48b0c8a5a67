import type { ParameterRow } from './parameter.ts';

/** From 4.12 on the kernel refuses more than INT_MAX / HZ seconds; with HZ=1000 that is the lowest bound anywhere. */
const MAX_SECONDS = 2147483;

interface Timeout {
  /** The part of the name after `nf_conntrack_`. */
  readonly state: string;
  readonly seconds: number;
  readonly summary: string;
  readonly defaults?: ParameterRow['defaults'];
}

/** How long an entry stays when no packet of its flow passes. A change reaches an existing entry with its next packet. */
export const CONNTRACK_TIMEOUTS: readonly ParameterRow[] = [
  { state: 'tcp_timeout_established', seconds: 432000, summary: 'TCP, handshake done.' },
  { state: 'tcp_timeout_syn_sent', seconds: 120, summary: 'TCP, SYN seen, no answer yet.' },
  { state: 'tcp_timeout_syn_recv', seconds: 60, summary: 'TCP, SYN answered, handshake not done.' },
  { state: 'tcp_timeout_fin_wait', seconds: 120, summary: 'TCP, one side has closed.' },
  { state: 'tcp_timeout_close_wait', seconds: 60, summary: 'TCP, waiting for the other side to close.' },
  { state: 'tcp_timeout_last_ack', seconds: 30, summary: 'TCP, both have closed, the last ACK is missing.' },
  { state: 'tcp_timeout_time_wait', seconds: 120, summary: 'TCP, closed in order.' },
  { state: 'udp_timeout', seconds: 30, summary: 'UDP, no dialogue yet.' },
  {
    state: 'udp_timeout_stream',
    seconds: 120,
    summary: 'UDP, packets both ways.',
    defaults: [
      { until: '5.0', value: 180 },
      { since: '5.0', value: 120 },
    ],
  },
  { state: 'icmp_timeout', seconds: 30, summary: 'ICMP queries such as ping.' },
].map(asRow);

function asRow({ state, seconds, summary, defaults = [{ value: seconds }] }: Timeout): ParameterRow {
  return {
    name: `net.netfilter.nf_conntrack_${state}`,
    kind: 'sysctl',
    formerNames: [{ until: '2.6.20', name: `net.ipv4.netfilter.ip_conntrack_${state}` }],
    exists: {},
    type: 'integer',
    unit: 'seconds',
    // 0 and negative values are accepted too, and end entries at once.
    accepts: [{ min: -MAX_SECONDS, max: MAX_SECONDS }],
    safe: { min: 1, max: MAX_SECONDS },
    defaults,
    module: 'nf_conntrack',
    summary,
    source: 'Documentation/networking/nf_conntrack-sysctl.rst',
  };
}
