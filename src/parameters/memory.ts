import { kernelMemory, type Machine } from '../values/host.ts';
import { formatCount } from '../values/quantities.ts';
import { changedSince, INT_MAX, INT_MIN, LONG_MAX, namespacedSince } from './bounds.ts';
import type { Default, ParameterRow } from './parameter.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Of memory, in bytes; that of Red Hat 6 hangs on what its tcp_mem was then, half of memory and less below 256 MiB. */
function bufferShare(machine: Machine): number {
  const memory = kernelMemory(machine);
  if (machine.redhat !== '6') return Math.floor(memory / 128);
  const pages = memory / machine.architecture.pageBytes;
  const pressure = Math.floor((Math.floor(Math.min(pages, 65536) / 256) * Math.floor(pages / 256)) / 2);
  return Math.floor((pressure * machine.architecture.pageBytes) / 128);
}

/** Red Hat's 2.6.32, read. */
const BUFFER_ON_RHEL_6 = { default: { formula: 'the last is 1/256 of memory, and 4 MiB from 1 GiB on' } };

/** `least default max` of a TCP buffer in bytes; the last is a 128th of memory within limits. Source: tcp_init(). */
function tcpBuffer(standard: number, smallest: number, largest: number): Default {
  return {
    value: (machine) => [4096, standard, Math.max(smallest, Math.min(largest, bufferShare(machine)))],
    formula: `4,096, ${formatCount(standard)} and 1/128 of memory, at least ${formatCount(smallest)} and at most ${largest / MIB} MiB`,
  };
}

const LEAST_BUFFER = {
  min: 4096,
  max: INT_MAX,
  below: 'sockets are guaranteed less than the default when memory is short',
};

const TCP_MEMORY: readonly ParameterRow[] = [
  {
    name: 'net.ipv4.tcp_mem',
    kind: 'sysctl',
    exists: {},
    type: 'triple',
    unit: 'pages',
    accepts: [
      { until: '2.6.37', min: INT_MIN, max: INT_MAX },
      { since: '2.6.37', min: 0, max: LONG_MAX },
    ],
    safe: { min: 1, max: INT_MAX },
    defaults: [
      { until: '4.2', formula: '3/4, 1 and 3/2 of an eighth of low memory (from 3.4 on)', unverified: true },
      { since: '4.2', formula: '3/4, 1 and 3/2 of a sixteenth of low memory', unverified: true },
    ],
    scope: [
      { until: '3.4', scope: 'machine-hidden' },
      { since: '3.4', until: '3.13', scope: 'namespace' },
      { since: '3.13', scope: 'machine-hidden' },
    ],
    effect: 'at-once',
    dangers: [
      'It counts pages, not bytes: a number of bytes switches the limit off.',
      'Too low, it resets connections.',
    ],
    summary:
      'Memory of all TCP sockets: below the first nothing is done, above the second less is kept, the third is the end.',
    source: 'net/ipv4/tcp.c',
  },
  {
    name: 'net.ipv4.tcp_rmem',
    kind: 'sysctl',
    exists: {},
    type: 'triple',
    unit: 'bytes',
    accepts: [
      { until: '3.7', min: INT_MIN, max: INT_MAX },
      ...changedSince(
        { mainline: '7.2', stable: ['6.1.190', '6.12.113'] },
        { min: 1, max: INT_MAX },
        { min: 4096, max: INT_MAX },
      ).map((each) => (each.since === undefined ? { ...each, since: '3.7' } : each)),
    ],
    safe: { min: 1, max: INT_MAX },
    usual: LEAST_BUFFER,
    defaults: [
      { until: '3.4', ...tcpBuffer(87380, 87380, 4 * MIB) },
      { since: '3.4', until: '4.20', ...tcpBuffer(87380, 87380, 6 * MIB) },
      {
        since: '4.20',
        until: '6.15',
        ...tcpBuffer(131072, 131072, 6 * MIB),
        unverified: true,
      },
      { since: '6.15', ...tcpBuffer(131072, 131072, 32 * MIB), unverified: true },
    ],
    scope: namespacedSince('4.15'),
    effect: 'new-sockets',
    dangers: [
      'The kernel does not check the order of the three.',
      'net.core.rmem_max does not bound it: that is for programs that ask for a size.',
    ],
    redhat: { '6': BUFFER_ON_RHEL_6 },
    summary: 'Receive buffer of a TCP socket: least, first, and most. The last bounds existing connections at once.',
    source: 'net/ipv4/tcp.c',
  },
  {
    name: 'net.ipv4.tcp_wmem',
    kind: 'sysctl',
    exists: {},
    type: 'triple',
    unit: 'bytes',
    accepts: [
      { until: '3.7', min: INT_MIN, max: INT_MAX },
      { since: '3.7', min: 1, max: INT_MAX },
    ],
    safe: { min: 1, max: INT_MAX },
    usual: LEAST_BUFFER,
    defaults: [{ ...tcpBuffer(16 * KIB, 64 * KIB, 4 * MIB) }],
    scope: namespacedSince('4.15'),
    effect: 'new-sockets',
    dangers: ['The kernel does not check the order of the three.'],
    redhat: { '6': BUFFER_ON_RHEL_6 },
    summary: 'Send buffer of a TCP socket: least, first, and most. The last bounds existing connections at once.',
    source: 'net/ipv4/tcp.c',
  },
];

interface SocketBuffer {
  readonly name: string;
  /** Bytes of the smallest buffer on x86_64, checked since 3.19; depends on the size of the kernel's structures. */
  readonly smallest: number;
  /** Whether the default became 4 MiB. */
  readonly grew: boolean;
  readonly summary: string;
}

const SOCKET_BUFFERS: readonly SocketBuffer[] = [
  {
    name: 'rmem_max',
    smallest: 2304,
    grew: true,
    summary: 'The largest receive buffer that a program may ask for; twice that is kept.',
  },
  {
    name: 'wmem_max',
    smallest: 4608,
    grew: true,
    summary: 'The largest send buffer that a program may ask for; twice that is kept.',
  },
  { name: 'rmem_default', smallest: 2304, grew: false, summary: 'The first receive buffer of sockets other than TCP.' },
  { name: 'wmem_default', smallest: 4608, grew: false, summary: 'The first send buffer of sockets other than TCP.' },
];

function asRow({ name, smallest, grew, summary }: SocketBuffer): ParameterRow {
  return {
    name: `net.core.${name}`,
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'bytes',
    accepts: [
      { until: '3.7', min: INT_MIN, max: INT_MAX },
      { since: '3.7', until: '3.19', min: 1, max: INT_MAX, unverified: true },
      { since: '3.19', min: smallest, max: INT_MAX, unverified: true },
    ],
    safe: { min: smallest, max: INT_MAX },
    defaults: [
      grew
        ? { until: '3.8', value: 131071, formula: '131,071 from 512 MiB on' }
        : { until: '3.8', value: 124928, formula: '124,928 on 64 bits; 32,767 up to 16 MiB' },
      { since: '3.8', ...(grew ? { until: '6.18' } : {}), value: 212992 },
      ...(grew ? [{ since: '6.18', value: 4 * MIB } as const] : []),
    ],
    // From about 6.12 on a namespace may read it; before, it does not see it.
    scope: [
      { until: '6.12', scope: 'machine-hidden', unverified: true },
      { since: '6.12', scope: 'machine-readable', unverified: true },
    ],
    effect: 'new-sockets',
    dangers: ['It does not bound what TCP chooses by itself: tcp_rmem and tcp_wmem do.'],
    redhat: { '6': { default: { value: 124928 } } },
    summary,
    source: 'net/core/sock.c',
  };
}

const OF_ONE_SOCKET: readonly ParameterRow[] = [
  {
    name: 'net.core.optmem_max',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'bytes',
    accepts: [
      { until: '6.7', min: INT_MIN, max: INT_MAX, unverified: true },
      { since: '6.7', min: 0, max: INT_MAX, unverified: true },
    ],
    safe: { min: 10240, max: INT_MAX },
    harm: 'less than the default stops programs that set options or filters on a socket',
    defaults: [
      {
        until: '6.7',
        value: ({ architecture }) => (architecture.bits === 64 ? 20480 : 10240),
        formula: '20,480 on 64 bits, 10,240 on 32',
        unverified: true,
      },
      { since: '6.7', value: 131072, unverified: true },
    ],
    scope: namespacedSince('6.7', true),
    effect: 'at-once',
    summary: 'Memory of one socket for its options and filters; not its buffers.',
    source: 'net/core/sock.c',
  },
  {
    name: 'net.unix.max_dgram_qlen',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'datagrams',
    accepts: changedSince({ stable: ['6.12.117'] }, { min: INT_MIN, max: INT_MAX }, { min: 0, max: INT_MAX }),
    safe: { min: 1, max: 65536 },
    harm: 'then programs on this host cannot reach each other, or fill memory',
    defaults: [{ value: 10, formula: '10; systemd sets 512 at boot' }],
    scope: namespacedSince('2.6.25', true),
    effect: 'new-sockets',
    summary: 'Datagrams that wait at a socket between programs of this host, for example the log.',
    source: 'net/unix/af_unix.c',
  },
];

/** Memory of sockets. */
export const MEMORY: readonly ParameterRow[] = [...TCP_MEMORY, ...SOCKET_BUFFERS.map(asRow), ...OF_ONE_SOCKET];
