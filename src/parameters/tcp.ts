import type { ParameterRow } from './parameter.ts';

const INT_MAX = 2147483647;

/** From 4.12 on the kernel refuses more than INT_MAX / HZ seconds; with HZ=1000 that is the lowest bound anywhere. */
const MAX_SECONDS = 2147483;

/** How TCP ends, keeps and reuses connections of this host. */
export const TCP: readonly ParameterRow[] = [
  {
    name: 'net.ipv4.tcp_timestamps',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: '',
    accepts: [{ min: 0, max: 255 }],
    safe: { min: 0, max: 2 },
    defaults: [{ value: 1 }],
    summary: 'TCP timestamps; without them tcp_tw_reuse does nothing.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
  {
    name: 'net.ipv4.tcp_tw_reuse',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: '',
    accepts: [
      { until: '4.18', min: 0, max: 1 },
      { since: '4.18', min: 0, max: 2 },
    ],
    defaults: [
      { until: '4.18', value: 0 },
      { since: '4.18', value: 2 },
    ],
    summary: 'Whether an outgoing connection may take over a socket in TIME_WAIT after a second; 2: on loopback only.',
    source: 'Documentation/networking/ip-sysctl.rst, commit 79e9fed46038',
  },
  {
    name: 'net.ipv4.tcp_tw_recycle',
    kind: 'sysctl',
    exists: { until: '4.12' },
    insteadOf: 'it dropped clients behind NAT; tcp_tw_reuse serves outgoing connections',
    type: 'boolean',
    unit: '',
    accepts: [{ min: 0, max: 1 }],
    defaults: [{ value: 0 }],
    summary: 'Ends TIME_WAIT early and refuses SYNs whose timestamps run backwards, as they do behind NAT.',
    source: 'commit 4396e46187ca',
  },
  {
    name: 'net.ipv4.tcp_max_tw_buckets',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'sockets',
    accepts: [{ min: -INT_MAX, max: INT_MAX }],
    safe: { min: 1, max: INT_MAX },
    summary: 'Sockets that may be in TIME_WAIT; more are destroyed at once. The default grows with memory.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
  {
    name: 'net.ipv4.tcp_fin_timeout',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'seconds',
    accepts: [{ min: -MAX_SECONDS, max: MAX_SECONDS }],
    safe: { min: 1, max: MAX_SECONDS },
    defaults: [{ value: 60 }],
    summary:
      'How long a socket that nobody owns any more stays in FIN_WAIT_2. Does not shorten TIME_WAIT, which is 60 s in every kernel.',
    source: 'include/net/tcp.h, net/ipv4/tcp.c',
  },
  {
    name: 'net.ipv4.tcp_keepalive_time',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'seconds',
    accepts: [{ min: -MAX_SECONDS, max: MAX_SECONDS }],
    safe: { min: 1, max: 32767 },
    defaults: [{ value: 7200 }],
    summary: 'Idle time before the first keepalive probe, on sockets that ask for keepalive.',
    source: 'net/ipv4/tcp_timer.c',
  },
  {
    name: 'net.ipv4.ip_local_port_range',
    kind: 'sysctl',
    exists: {},
    type: 'port-range',
    unit: 'ports',
    accepts: [
      { until: '4.11', min: 1, max: 65535 },
      { since: '4.11', min: 1024, max: 65535 },
    ],
    safe: { min: 1024, max: 65535 },
    defaults: [{ value: [32768, 60999] }],
    summary: 'Ports that outgoing connections start from.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
  {
    name: 'net.ipv4.ip_local_reserved_ports',
    kind: 'sysctl',
    exists: { since: '2.6.35' },
    type: 'ports',
    unit: 'ports',
    defaults: [{ value: '' }],
    summary: 'Ports that no outgoing connection is given by chance. A new list replaces the old one.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
];
