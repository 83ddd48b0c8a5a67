import type { Proposal, Rule } from './rule.ts';

/** Below it lie the ports that most programs listen on; above it 49,152 ports. */
const WIDE_PORT_RANGE = [16384, 65535] as const;

/** A proxy opens as many connections as it accepts: it needs ports for them, and must not drown in finished ones. */
export const connectionReuse: Rule = {
  id: 'connection-reuse',
  propose: ({ role }) => (role.role === 'squid-proxy' ? PROXY : []),
};

const PROXY: readonly Proposal[] = [
  {
    parameter: 'net.ipv4.tcp_timestamps',
    value: 1,
    reason: 'tcp_tw_reuse does nothing without timestamps.',
    causes: ['role'],
  },
  {
    parameter: 'net.ipv4.tcp_tw_reuse',
    value: 1,
    reason:
      'Connections to origin servers may take over a port in TIME_WAIT after one second, instead of waiting for 60.',
    causes: ['role'],
  },
  {
    parameter: 'net.ipv4.tcp_fin_timeout',
    value: 30,
    reason:
      'Connections that Squid has closed and the peer has not are given up after half the time. This is not TIME_WAIT, which stays at 60 s.',
    causes: ['role'],
  },
  {
    parameter: 'net.ipv4.ip_local_port_range',
    value: WIDE_PORT_RANGE,
    reason:
      '49,152 ports to each origin server instead of 28,232, and still above the ports that programs usually listen on.',
    causes: ['role'],
  },
];
