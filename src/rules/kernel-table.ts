import type { Host } from '../values/host.ts';
import { forKernel, isWithin } from '../values/kernel-version.ts';

const GIB = 2 ** 30;

/** Bytes of a hash bucket: one pointer since 2.6.23, two before. */
function bucketBytes({ kernel, architecture }: Host): number {
  return (architecture.bits / 8) * (isWithin(kernel, { until: '2.6.23' }) ? 2 : 1);
}

/** Bytes of one entry as the kernel allocates it, by kernel; 64-bit. Facts: `sizeof(struct nf_conn)` compiled, and slabinfo. */
const ENTRY_BYTES = [
  { until: '4.9', bytes: 304 },
  { since: '4.9', until: '5.19', bytes: 320 },
  { since: '5.19', bytes: 256 },
];

/** One extension block comes with most entries: NAT, accounting, events, helpers, labels. Planned, not measured. */
const EXTENSION_BYTES = 128;

/** Entries for each bucket, by what the kernel's own default is; short chains are found faster. */
const ENTRIES_PER_BUCKET = [
  { until: '2.6.23', entries: 8 },
  { since: '2.6.23', until: '5.15', entries: 4 },
  { since: '5.15', entries: 1 },
];

/** Modules that bring the table and all its keys, by kernel; a later one needs those before it. */
const MODULES = [
  { until: '2.6.20', names: ['ip_conntrack'] },
  { since: '2.6.20', until: '4.19', names: ['nf_conntrack', 'nf_conntrack_ipv4'] },
  { since: '4.19', names: ['nf_conntrack'] },
];

export function conntrackModules({ kernel }: Host): readonly string[] {
  return forKernel(kernel, MODULES)?.names ?? [];
}

/** Buckets that the kernel makes when nobody says otherwise. Source: nf_conntrack_core.c of each era. */
export function defaultBuckets(host: Host): number {
  const { kernel, memoryBytes, architecture } = host;
  const byMemory = (smallest: number) => Math.max(smallest, Math.floor(memoryBytes / 16384 / bucketBytes(host)));
  if (isWithin(kernel, { until: '2.6.23' })) return memoryBytes > GIB ? 8192 : byMemory(16);
  if (isWithin(kernel, { since: '5.15' })) {
    if (architecture.bits === 64 && memoryBytes > 4 * GIB) return 262144;
    return roundBuckets(memoryBytes > GIB ? 65536 : byMemory(1024), host);
  }
  if (isWithin(kernel, { since: '4.0' }) && memoryBytes > 4 * GIB) return 65536;
  return roundBuckets(memoryBytes > GIB ? 16384 : byMemory(32), host);
}

/** `nf_conntrack_max` that the kernel sets when nobody says otherwise. */
export function defaultEntries(host: Host): number {
  return defaultBuckets(host) * entriesPerBucket(host);
}

export function entriesPerBucket({ kernel }: Host): number {
  return forKernel(kernel, ENTRIES_PER_BUCKET)?.entries ?? 1;
}

/** Buckets fill whole pages since 2.6.23: the kernel rounds any other number up. */
export function roundBuckets(buckets: number, host: Host): number {
  if (isWithin(host.kernel, { until: '2.6.23' })) return buckets;
  const perPage = host.architecture.pageBytes / bucketBytes(host);
  return Math.ceil(buckets / perPage) * perPage;
}

/** The memory rule of the incidents: memory / 16384, halved on 64 bits, where an entry is about twice as large. */
export function memoryRuleEntries({ memoryBytes, architecture }: Host): number {
  return Math.floor(memoryBytes / 16384 / (architecture.bits / 32));
}

/** Kernel memory, in bytes, of a table that is full; it cannot be swapped. */
export function tableBytes(host: Host, entries: number, buckets: number): number {
  return entries * entryBytes(host) + buckets * bucketBytes(host);
}

/** Most entries, with their buckets, that fit into `budgetBytes`. */
export function entriesWithin(host: Host, budgetBytes: number): number {
  return Math.floor(budgetBytes / (entryBytes(host) + bucketBytes(host) / entriesPerBucket(host)));
}

function entryBytes({ kernel }: Host): number {
  return (forKernel(kernel, ENTRY_BYTES)?.bytes ?? 256) + EXTENSION_BYTES;
}
