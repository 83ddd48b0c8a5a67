import type { ParameterRow } from './parameter.ts';

const INT_MAX = 2147483647;

/** Where a packet or a connection waits before a program takes it. */
export const QUEUES: readonly ParameterRow[] = [
  {
    name: 'net.core.netdev_max_backlog',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'packets',
    accepts: [{ min: -INT_MAX, max: INT_MAX }],
    safe: { min: 1, max: INT_MAX },
    defaults: [{ value: 1000 }],
    summary: 'Packets that wait, on each CPU, between a network card without its own queue and the stack.',
    source: 'Documentation/admin-guide/sysctl/net.rst',
  },
  {
    name: 'net.core.somaxconn',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: [
      { until: '4.1', min: 0, max: 65535 },
      { since: '4.1', min: 0, max: INT_MAX },
    ],
    safe: { min: 1, max: INT_MAX },
    defaults: [
      { until: '5.4', value: 128 },
      { since: '5.4', value: 4096 },
    ],
    summary: 'Upper limit of the backlog that a program asks for; taken when it calls listen(), so at its next start.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
  {
    name: 'net.ipv4.tcp_max_syn_backlog',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: [{ min: -INT_MAX, max: INT_MAX }],
    safe: { min: 1, max: INT_MAX },
    summary:
      'Half-open connections per listener up to 4.3; later the accept queue bounds them while SYN cookies are on.',
    source: 'net/ipv4/tcp_input.c, net/ipv4/inet_connection_sock.c',
  },
  {
    name: 'net.ipv4.tcp_syncookies',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: '',
    accepts: [{ min: 0, max: 255 }],
    safe: { min: 0, max: 2 },
    defaults: [
      { until: '2.6.33', value: 0 },
      { since: '2.6.33', value: 1 },
    ],
    summary: 'Whether a listener whose SYN queue is full answers with cookies (1) or drops (0).',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
];
