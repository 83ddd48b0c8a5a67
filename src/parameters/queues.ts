import { ANY_INT, BYTE, INT_MAX, INT_MIN, namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';
import { defaultSynBacklog } from './tcp-hash.ts';

const MANUAL = 'Documentation/networking/ip-sysctl.rst';

/** Where a connection waits before a program takes it. */
export const QUEUES: readonly ParameterRow[] = [
  {
    name: 'net.core.somaxconn',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: [
      { until: '3.11', min: INT_MIN, max: INT_MAX },
      { since: '3.11', until: '4.1', min: 0, max: 65535 },
      { since: '4.1', min: 0, max: INT_MAX },
    ],
    safe: { min: 1, max: 65535 }, // before 4.1 a socket keeps 16 bits of it, and nobody needs more
    harm: 'a longer queue is answered when its clients have given up, before 4.1 only 16 bits of it count, and with 0 nobody waits at all',
    defaults: [
      { until: '5.4', value: 128 },
      { since: '5.4', value: 4096 },
    ],
    scope: namespacedSince('2.6.25'),
    effect: 'listen',
    dangers: [
      'Alone it changes nothing: the program has to ask for a longer queue, and be started again.',
      'Before 4.1 a socket keeps 16 bits: 65,536 becomes 0.',
      'From 4.4 on it limits half-open connections as well.',
    ],
    redhat: { '7': { accepts: { min: 0, max: 65535 } } },
    summary: 'Upper limit of the backlog that a program asks for; taken when it calls listen(), so at its next start.',
    source: MANUAL,
  },
  {
    name: 'net.ipv4.tcp_max_syn_backlog',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: ANY_INT,
    safe: { min: 1, max: INT_MAX },
    harm: 'then no handshake could be half done',
    defaults: [
      {
        until: '2.6.36',
        value: defaultSynBacklog,
        formula: '1,024 from about 256 MiB on; 128 to 256 below',
        unverified: true,
      },
      {
        since: '2.6.36',
        until: '5.4',
        value: defaultSynBacklog,
        formula: '1 for every 256 entries of the TCP hash, at least 128',
      },
      { since: '5.4', value: defaultSynBacklog, formula: '1 for every 128 entries of the TCP hash, at least 128' },
    ],
    scope: namespacedSince('4.11'),
    formerEffect: { until: '4.4', effect: 'listen' },
    effect: 'at-once',
    dangers: [
      'Up to 4.3 it counts only up to the backlog that the program asks for.',
      'From 4.4 on it does nothing while SYN cookies are on.',
    ],
    summary:
      'Half-open connections of a listener, up to 4.3; later the accept queue bounds them while SYN cookies are on.',
    source: 'net/ipv4/tcp_input.c, net/ipv4/inet_connection_sock.c',
  },
  {
    name: 'net.ipv4.tcp_syncookies',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: '',
    accepts: BYTE,
    safe: { min: 0, max: 2 },
    defaults: [
      { until: '2.6.33', value: 0 },
      { since: '2.6.33', value: 1 },
    ],
    scope: namespacedSince('4.6', true),
    effect: 'at-once',
    dangers: [
      '2 (from 3.12 on) sends cookies always, for tests: clients without timestamps lose their TCP options.',
      '0 with a short queue drops clients in silence.',
      '1 is no capacity: lengthen the queues first.',
    ],
    summary: 'Whether a listener whose SYN queue is full answers with cookies (1) or drops (0).',
    source: MANUAL,
  },
  {
    name: 'net.ipv4.tcp_abort_on_overflow',
    kind: 'sysctl',
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: BYTE,
    defaults: [{ value: 0 }],
    scope: namespacedSince('4.15'),
    effect: 'at-once',
    dangers: ['1 makes an error of every short burst, which clients would not have noticed.'],
    summary: 'Whether a client is reset (1) or left to try again (0) when the accept queue is full.',
    source: MANUAL,
  },
  {
    name: 'net.ipv4.tcp_synack_retries',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'retransmissions',
    accepts: BYTE,
    safe: { min: 0, max: 255 },
    defaults: [{ value: 5 }],
    scope: namespacedSince('4.6', true),
    effect: 'next-timer',
    dangers: ['A low number loses clients on paths that lose packets.'],
    summary: 'How often a SYN is answered again before a half-open connection is given up; 5 takes about 63 s.',
    source: MANUAL,
  },
];
