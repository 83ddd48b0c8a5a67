import { INT_MAX, INT_MIN, ULONG_MAX } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** Each belongs to a namespace of its own kind: one of the network sees that of the machine. */
const COMMON = {
  kind: 'sysctl',
  exists: {},
  type: 'integer',
  scope: [{ scope: 'machine-writable' }],
  source: 'ipc/ipc_sysctl.c, include/uapi/linux/shm.h and msg.h',
} as const;

/** The kernel's own limit of identifiers; `ipcmni_extend` on its command line makes it 16,777,216. */
const MOST_IDENTIFIERS = 32768;

const IDENTIFIERS = { min: 0, max: MOST_IDENTIFIERS };

/** 3.11 checks nothing. */
const BYTES: ParameterRow['accepts'] = [
  { until: '3.13', min: INT_MIN, max: INT_MAX, unverified: true },
  { since: '3.13', min: 0, max: INT_MAX, unverified: true },
];

const UNLIMITED = 'no limit: the largest long, less 16 MiB';

/** Of one segment, in bytes, before there was no limit. */
const OLD_SHMMAX = 0x2000000;

const DANGERS = ['From 3.16 on there is no limit: values of old recipes only lower it.'];

/** Memory and messages that programs of one host share. Read in 2.6.18, 3.5, 3.11 to 3.18, 4.1 to 4.20, 5.4, 6.1 and 6.18. */
export const IPC: readonly ParameterRow[] = [
  {
    ...COMMON,
    name: 'kernel.shmmax',
    unit: 'bytes',
    accepts: [{ min: 0, max: ULONG_MAX }],
    safe: { min: OLD_SHMMAX, max: ULONG_MAX },
    harm: 'less than the old default of 32 MiB stops databases',
    defaults: [
      { until: '3.16', value: OLD_SHMMAX, unverified: true },
      { since: '3.16', formula: UNLIMITED, unverified: true },
    ],
    effect: 'new-segments',
    dangers: DANGERS,
    redhat: { '7': { default: { formula: UNLIMITED } } },
    summary: 'The largest segment of shared memory (System V).',
  },
  {
    ...COMMON,
    name: 'kernel.shmall',
    unit: 'pages',
    accepts: [{ min: 0, max: ULONG_MAX }],
    safe: { min: OLD_SHMMAX / 4096, max: ULONG_MAX },
    harm: 'less than one segment of the old default stops databases',
    defaults: [
      {
        until: '3.16',
        value: ({ architecture }) => (OLD_SHMMAX / architecture.pageBytes) * 256,
        formula: '8 GiB in pages',
        unverified: true,
      },
      { since: '3.16', formula: UNLIMITED, unverified: true },
    ],
    effect: 'new-segments',
    dangers: [...DANGERS, 'It is in pages, of 4 KiB on most hosts, and kernel.shmmax in bytes.'],
    redhat: { '7': { default: { formula: UNLIMITED } } },
    summary: 'All shared memory (System V) together.',
  },
  {
    ...COMMON,
    name: 'kernel.shmmni',
    unit: 'segments',
    accepts: [
      { until: '4.20', min: INT_MIN, max: INT_MAX },
      { since: '4.20', ...IDENTIFIERS },
    ],
    safe: { min: 1, max: MOST_IDENTIFIERS },
    defaults: [{ value: 4096 }],
    effect: 'new-segments',
    redhat: { '7': { accepts: IDENTIFIERS }, '8': { accepts: IDENTIFIERS } },
    summary: 'Segments of shared memory (System V).',
  },
  {
    ...COMMON,
    name: 'kernel.msgmax',
    unit: 'bytes',
    accepts: BYTES,
    safe: { min: 1024, max: INT_MAX },
    defaults: [{ value: 8192 }],
    effect: 'at-once',
    redhat: { '7': { accepts: { min: 0, max: INT_MAX } } },
    summary: 'The largest message in a queue (System V).',
  },
  {
    ...COMMON,
    name: 'kernel.msgmnb',
    unit: 'bytes',
    accepts: BYTES,
    safe: { min: 1024, max: INT_MAX },
    defaults: [{ value: 16384 }],
    effect: 'new-segments',
    dangers: ['A queue that holds less than kernel.msgmax never takes the largest message.'],
    redhat: { '7': { accepts: { min: 0, max: INT_MAX } } },
    summary: 'All messages in one queue (System V) together.',
  },
  {
    ...COMMON,
    name: 'kernel.msgmni',
    unit: 'queues',
    accepts: [
      { until: '3.13', min: INT_MIN, max: INT_MAX, unverified: true },
      { since: '3.13', until: '4.20', min: 0, max: INT_MAX, unverified: true },
      { since: '4.20', ...IDENTIFIERS },
    ],
    safe: { min: 1, max: MOST_IDENTIFIERS },
    defaults: [
      { until: '2.6.27', value: 16, unverified: true },
      { since: '2.6.27', until: '3.19', formula: 'from memory: a 32nd of it in queues of 16 KiB', unverified: true },
      { since: '3.19', value: 32000, unverified: true },
    ],
    effect: 'new-segments',
    redhat: { '7': { accepts: IDENTIFIERS, default: { value: 32000 } }, '8': { accepts: IDENTIFIERS } },
    summary: 'Queues of messages (System V).',
  },
];
