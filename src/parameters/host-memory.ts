import { ANY_INT, INT_MAX, INT_MIN } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** None of these belongs to a network namespace. */
const COMMON = {
  kind: 'sysctl',
  exists: {},
  type: 'integer',
  scope: [{ scope: 'machine-writable' }],
  effect: 'at-once',
  source: 'Documentation/admin-guide/sysctl/vm.rst',
} as const;

/** Not checked up to 3.x; the exact release is not known. */
const UNCHECKED_BEFORE_3_10 = (max: number): Required<ParameterRow>['accepts'] => [
  { until: '3.10', min: INT_MIN, max: INT_MAX, unverified: true },
  { since: '3.10', min: 0, max, unverified: true },
];

/** How the kernel shares out memory. Read in 2.6.18 to 6.14. */
export const HOST_MEMORY: readonly ParameterRow[] = [
  {
    ...COMMON,
    name: 'vm.swappiness',
    unit: '',
    accepts: [
      { until: '5.8', min: 0, max: 100 },
      { since: '5.8', min: 0, max: 200 },
    ],
    defaults: [{ value: 60 }],
    dangers: ['0 swaps only when memory is nearly used up, and then all at once; 1 to 10 is what servers use.'],
    redhat: { '8.4': { accepts: { min: 0, max: 200 } } },
    summary: 'How readily memory of programs is swapped out to keep files cached.',
  },
  {
    ...COMMON,
    name: 'vm.overcommit_memory',
    unit: '',
    accepts: UNCHECKED_BEFORE_3_10(2),
    safe: { min: 0, max: 2 },
    defaults: [{ value: 0 }],
    dangers: [
      '2 makes fork() of large programs fail (Squid, Redis) although memory is free, unless overcommit_ratio is raised.',
      '1 grants everything: the kernel ends a program when memory runs out.',
    ],
    summary: 'Whether more memory is promised than there is: 0 within reason, 1 always, 2 never.',
  },
  {
    ...COMMON,
    name: 'vm.overcommit_ratio',
    unit: 'percent',
    accepts: ANY_INT,
    safe: { min: 1, max: 1000 },
    harm: 'then no program gets memory, or every one',
    defaults: [{ value: 50 }],
    dangers: ['It counts only where overcommit_memory is 2.'],
    summary: 'Share of memory that may be promised beside swap.',
  },
  {
    ...COMMON,
    name: 'vm.max_map_count',
    unit: 'mappings',
    accepts: UNCHECKED_BEFORE_3_10(INT_MAX),
    safe: { min: 65530, max: INT_MAX },
    harm: 'less than the default breaks programs',
    defaults: [
      { until: '2.6.25', value: 65536, unverified: true },
      { since: '2.6.25', value: 65530, unverified: true },
    ],
    summary: 'Memory mappings of one process; Elasticsearch asks for 262,144.',
  },
  {
    ...COMMON,
    name: 'vm.dirty_ratio',
    unit: 'percent',
    accepts: [{ min: 0, max: 100 }],
    safe: { min: 1, max: 100 },
    harm: 'then every write waits for the disk',
    defaults: [
      { until: '2.6.22', value: 40, unverified: true },
      { since: '2.6.32', value: 20, unverified: true },
    ],
    dangers: ['It cannot be used together with dirty_bytes: the one set last sets the other to 0.'],
    summary: 'Share of free memory with unwritten data at which a program has to write itself.',
  },
  {
    ...COMMON,
    name: 'vm.dirty_background_ratio',
    unit: 'percent',
    accepts: [{ min: 0, max: 100 }],
    defaults: [
      { until: '2.6.22', value: 10, unverified: true },
      { since: '2.6.32', value: 10, unverified: true },
    ],
    dangers: ['At dirty_ratio or above it counts as half of that.'],
    summary: 'Share of free memory with unwritten data at which the kernel begins to write.',
  },
  {
    ...COMMON,
    name: 'vm.dirty_expire_centisecs',
    unit: 'hundredths of a second',
    accepts: UNCHECKED_BEFORE_3_10(INT_MAX),
    safe: { min: 1, max: INT_MAX },
    defaults: [{ value: 3000 }],
    dangers: ['What is younger is lost with the power.'],
    summary: 'How old unwritten data gets before the kernel writes it.',
  },
  {
    ...COMMON,
    name: 'vm.dirty_writeback_centisecs',
    unit: 'hundredths of a second',
    accepts: ANY_INT,
    safe: { min: 0, max: INT_MAX },
    defaults: [{ value: 500 }],
    dangers: ['0 switches the regular writing off.'],
    summary: 'How often the kernel looks for old unwritten data.',
  },
  {
    ...COMMON,
    name: 'vm.min_free_kbytes',
    unit: 'KiB',
    accepts: [{ min: 0, max: INT_MAX }],
    safe: { min: 1024, max: 16 * 2 ** 20 },
    harm: 'too little stops the network card, and too much leaves programs none',
    defaults: [{ formula: '4 × the root of low memory in KiB, rounded to pages; huge pages raise it' }],
    dangers: ['Above about 5 % of memory the kernel ends programs although memory is free.'],
    summary: 'Memory kept free for what cannot wait, such as packets that arrive.',
  },
  {
    ...COMMON,
    name: 'vm.vfs_cache_pressure',
    unit: '',
    accepts: [
      { until: '5.4', min: INT_MIN, max: INT_MAX, unverified: true },
      { since: '5.4', min: 0, max: INT_MAX, unverified: true },
    ],
    safe: { min: 1, max: 1000 },
    harm: 'with 0 the names of files are never forgotten until memory is full, and far above 100 each look-up is searched anew',
    defaults: [{ value: 100 }],
    summary: 'How readily cached names and metadata of files are forgotten, against their content.',
  },
  {
    ...COMMON,
    name: 'vm.panic_on_oom',
    unit: '',
    accepts: UNCHECKED_BEFORE_3_10(2),
    safe: { min: 0, max: 2 },
    defaults: [{ value: 0 }],
    dangers: ['1 and 2 halt the host unless kernel.panic is set.'],
    summary:
      'Whether the host halts when memory runs out, instead of one program: 1 unless the shortage is bound to a part, 2 always.',
  },
];
