import { isRedhatSince, type Machine } from '../values/host.ts';
import { forKernel, isWithin, type KernelRange, type KernelVersion } from '../values/kernel-version.ts';
import { readSides } from '../values/read-kernels.ts';

const GIB = 2 ** 30;

/** Bytes of a hash bucket: one pointer since 2.6.23, two before. Source: struct hlist_nulls_head, struct list_head. */
function bucketBytes({ kernel, architecture }: Machine): number {
  return (architecture.bits / 8) * (isWithin(kernel, { until: '2.6.23' }) ? 2 : 1);
}

/** A block that comes with most entries, for NAT, accounting, events, helpers or labels. Planned, not measured. */
const EXTENSION = 128;

/**
 * Bytes of one entry as the kernel allocates it. Before 2.6.23 there are no extensions: `ip_conntrack version 2.4 …
 * bytes per conntrack` at load. Since: `sizeof(struct nf_conn)` compiled, and slabinfo; on 32 bits the upper end of a
 * model, 208 to 248.
 */
const ENTRY_BYTES = [
  { until: '2.6.23', bits64: 304, bits32: 232 },
  { since: '2.6.23', until: '4.9', bits64: 304 + EXTENSION, bits32: 248 + EXTENSION },
  { since: '4.9', until: '5.19', bits64: 320 + EXTENSION, bits32: 248 + EXTENSION },
  { since: '5.19', bits64: 256 + EXTENSION, bits32: 248 + EXTENSION },
];

/** Entries for each bucket, by what the kernel's own default is; short chains are found faster. */
const ENTRIES_PER_BUCKET = [
  { until: '2.6.23', entries: 8 },
  { since: '2.6.23', until: '5.15', entries: 4 },
  { since: '5.15', entries: 1 },
];

/** So many buckets above so many bytes of memory, where a word has at least so many bits. */
interface Step {
  readonly above: number;
  readonly buckets: number;
  readonly bits?: number;
}

/** Buckets above certain sizes of memory, by kernel; below the lowest they grow with it. */
const BUCKETS_BY_MEMORY: readonly (KernelRange & { readonly smallest: number; readonly steps: readonly Step[] })[] = [
  { until: '2.6.23', smallest: 16, steps: [{ above: GIB, buckets: 8192 }] },
  { since: '2.6.23', until: '4.0', smallest: 32, steps: [{ above: GIB, buckets: 16384 }] },
  {
    since: '4.0',
    until: '5.15',
    smallest: 32,
    steps: [
      { above: 4 * GIB, buckets: 65536 },
      { above: GIB, buckets: 16384 },
    ],
  },
  {
    since: '5.15',
    smallest: 1024,
    steps: [
      { above: 4 * GIB, buckets: 262144, bits: 64 },
      { above: GIB, buckets: 65536 },
    ],
  },
];

/**
 * Buckets that the kernel makes when nobody says otherwise; the larger number of both sides for one that nobody has read.
 * Source: nf_conntrack_core.c of each era.
 */
export function defaultBuckets(host: Machine): number {
  return Math.max(...readSides(host).map((side) => roundBuckets(unroundedBuckets(side), side)));
}

/** The mainline kernel whose table it has: Red Hat's 3.10 has that of 4.0, and its 5.14 that of 5.15 (9.0 to 9.6 were read). */
function eraOf(machine: Machine): KernelVersion {
  if (isRedhatSince(machine, '7')) return [4, 0, 0];
  return isRedhatSince(machine, '9') ? [5, 15, 0] : machine.kernel;
}

function unroundedBuckets(machine: Machine): number {
  const { memoryBytes, architecture } = machine;
  const { smallest, steps } = forKernel(eraOf(machine), BUCKETS_BY_MEMORY) ?? {};
  const step = steps?.find(({ above, bits = 0 }) => memoryBytes > above && architecture.bits >= bits);
  return step?.buckets ?? Math.max(smallest ?? 0, Math.floor(memoryBytes / 16384 / bucketBytes(machine)));
}

/** `nf_conntrack_max` that the kernel sets when nobody says otherwise; the larger number of both sides, as above. */
export function defaultEntries(host: Machine): number {
  return Math.max(...readSides(host).map(entriesOn));
}

/** Up to 3.19 from buckets that are not rounded yet. */
function entriesOn(host: Machine): number {
  const isUnrounded = isWithin(eraOf(host), { until: '4.0' });
  return (isUnrounded ? unroundedBuckets(host) : defaultBuckets(host)) * entriesPerBucket(host);
}

/**
 * Entries that the kernel's own default has for a bucket; the fewer of both sides, which makes more buckets. Source:
 * nf_conntrack_init_start() of each era, max_factor.
 */
export function entriesPerBucket(machine: Machine): number {
  return Math.min(...readSides(machine).map((side) => forKernel(eraOf(side), ENTRIES_PER_BUCKET)?.entries ?? 1));
}

/** Buckets fill whole pages since 2.6.23: the kernel rounds any other number up. Source: nf_ct_alloc_hashtable(). */
export function roundBuckets(buckets: number, host: Machine): number {
  const perPage = bucketsPerPage(host);
  return Math.ceil(buckets / perPage) * perPage;
}

/** Buckets are made in multiples of this; before 2.6.23 as many as were asked for. Source: nf_ct_alloc_hashtable(). */
export function bucketsPerPage(host: Machine): number {
  return isWithin(host.kernel, { until: '2.6.23' }) ? 1 : host.architecture.pageBytes / bucketBytes(host);
}

/**
 * The memory rule that many write-ups have: memory / 16384, halved on 64 bits, where an entry is about twice as large.
 */
export function memoryRuleEntries({ memoryBytes, architecture }: Machine): number {
  return Math.min(2 ** 30, Math.floor(memoryBytes / 16384 / (architecture.bits / 32)));
}

/**
 * Kernel memory, in bytes, of a table that is full = entries × bytes of one + buckets × bytes of one. It cannot be swapped.
 * Source: sizes of both, above.
 */
export function tableBytes(host: Machine, entries: number, buckets: number): number {
  return entries * entryBytes(host) + buckets * bucketBytes(host);
}

/**
 * Most entries, with their buckets, that fit = `budgetBytes` / `bytesPerEntry`, rounded down. Beside a fixed number of
 * `buckets`: what these leave / bytes of an entry. Source: as above.
 */
export function entriesWithin(host: Machine, budgetBytes: number, buckets?: number): number {
  if (buckets === undefined) return Math.floor(budgetBytes / bytesPerEntry(host));
  return Math.max(0, Math.floor((budgetBytes - tableBytes(host, 0, buckets)) / entryBytes(host)));
}

/** Bytes of an entry and its part of a bucket = bytes of one + bytes of a bucket / entries of it. Source: as above. */
export function bytesPerEntry(host: Machine): number {
  return entryBytes(host) + bucketBytes(host) / entriesPerBucket(host);
}

/** Bytes of an entry alone. Source: as above. */
export function entryBytes({ kernel, architecture }: Machine): number {
  return forKernel(kernel, ENTRY_BYTES)?.[`bits${architecture.bits}`] ?? 0;
}
