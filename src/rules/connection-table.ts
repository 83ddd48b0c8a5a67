import { sizeTable } from '../sizing/connection-entries.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import {
  bucketsPerPage,
  bytesPerEntry,
  defaultEntries,
  entriesPerBucket,
  entriesWithin,
  memoryRuleEntries,
  roundBuckets,
  tableBytes,
} from '../sizing/kernel-table.ts';
import { type Host, kernelMemory } from '../values/host.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import { type Expectation, expectEntries } from './expected-entries.ts';
import { type Circumstances, numberOf, type Proposal, type Rule } from './rule.ts';
import { isTrackingOff } from './tracking.ts';

/** A number that memory and no formula sets need not look exact. */
const ROUND = 1024;

/** In whole pages; the kernel refuses INT_MAX / 8 and more. */
const MOST_BUCKETS = 2 ** 27;

export const ENTRIES = 'net.netfilter.nf_conntrack_max';
export const BUCKETS = 'net.netfilter.nf_conntrack_buckets';
export const HASHSIZE = 'nf_conntrack hashsize';

/** How many entries are needed, and why. */
interface Need extends Expectation {
  /** What traffic asks for with headroom, before it is rounded up; `count` is what would be set if memory were no matter. */
  readonly least: number;
}

/** The connection table: its entries, its hash buckets, and the module option that keeps both together at load time. */
export const connectionTable: Rule = {
  id: 'connection-table',
  source: 'nf_conntrack_core.c; docs/how-to/table-full.md',
  propose: (given) => {
    if (isTrackingOff(given.profile)) return [];
    const need = entriesNeeded(given);
    const count = limitToBudget(need, given);
    const entries = numberOf(given.decided(ENTRIES)) ?? count;
    const memoryBytes = tableBytes(given.host, entries, bucketsFor(given, entries));
    return [
      ...proposeBuckets(given, entries, given.decided(ENTRIES)?.causes ?? need.causes),
      {
        parameter: ENTRIES,
        value: count,
        reason: `${need.reason}${explainCut(need.count, count, given)} Takes ${formatSize(memoryBytes)} when full, buckets included.`,
        causes: [...need.causes, 'host.memory'],
        price: { memoryBytes },
      },
    ];
  },
};

/** What traffic keeps in the table, with headroom. Without figures: the memory rule. */
export function entriesNeeded(given: Circumstances): Need {
  const wanted = given.profile.conntrack?.maximum;
  if (typeof wanted === 'number')
    return { count: wanted, least: wanted, reason: 'Set by the profile.', causes: ['conntrack.maximum'] };
  const expected = expectEntries(given);
  return expected ? addHeadroom(expected, given.host) : needByMemory(given.host);
}

function addHeadroom({ count, reason, causes }: Expectation, host: Host): Need {
  const standard = defaultEntries(host);
  const size = sizeTable(count, standard);
  const least = withHeadroom(count);
  const kernels = `the kernel's default for this amount of memory, ${formatCount(standard)}`;
  if (count === 0) return { count: size, least, reason: `${reason} fit ${kernels}.`, causes };
  const comparison = size > standard ? 'rounded up to a power of two.' : `no more than ${kernels}, which is kept.`;
  return { count: size, least, reason: `${reason}, ${sayWithHeadroom(count)}, ${comparison}`, causes };
}

/** Bytes that the table may take on a host of this role. */
export function tableBudget({ host, role }: Pick<Circumstances, 'host' | 'role'>): number {
  return kernelMemory(host) * role.memoryShare;
}

/** `2 % of 16 GiB`: that budget in words. */
export function sayBudget({ host, role }: Pick<Circumstances, 'host' | 'role'>): string {
  const bytes = kernelMemory(host);
  const limit = bytes < host.memoryBytes ? ', all that a kernel of 32 bits has for itself,' : '';
  return `${role.memoryShare * 100} % of ${formatSize(bytes)}${limit}`;
}

function needByMemory(host: Host): Need {
  const [byRule, standard] = [memoryRuleEntries(host), defaultEntries(host)];
  const count = Math.max(byRule, standard);
  const reason = `No traffic figures: ${formatSize(host.memoryBytes)} / 16384 / ${host.architecture.bits / 32} = ${formatCount(byRule)} entries, or the kernel's default of ${formatCount(standard)} if that is more.`;
  return { count, least: count, reason, causes: [] };
}

/** Memory limits what traffic asks for, but not below what the kernel would have made anyway. */
function limitToBudget({ count }: Need, given: Circumstances): number {
  if (typeof given.profile.conntrack?.maximum === 'number') return count;
  const fitting = entriesWithin(given.host, tableBudget(given));
  return Math.min(count, Math.max(defaultEntries(given.host), Math.floor(fitting / ROUND) * ROUND));
}

/** What memory has made of the entries that were wanted. */
function explainCut(wanted: number, count: number, given: Circumstances): string {
  if (count === wanted) return '';
  const { host } = given;
  const fitting = entriesWithin(host, tableBudget(given));
  const room = `${sayBudget(given)} has room for ${formatCount(fitting)} of ${bytesPerEntry(host)} bytes with their buckets`;
  return ` Cut to ${formatCount(count)}${count > fitting ? ", the kernel's default" : ''}: ${room}.`;
}

/** Hash buckets for so many entries: as the profile has it, or as many as the kernel would make. */
export function bucketsFor(given: Circumstances, entries: number): number {
  return roundBuckets(wantBuckets(given, entries).count, given.host);
}

/** Before the kernel rounds them. */
function wantBuckets({ profile, host, decided }: Circumstances, entries: number): Omit<Expectation, 'causes'> {
  const set = numberOf(decided(BUCKETS)) ?? profile.conntrack?.buckets;
  if (typeof set === 'number') return { count: set, reason: `Set by the profile: ${formatCount(set)}` };
  const per = entriesPerBucket(host);
  const exact = Math.ceil(entries / per);
  const count = Math.min(MOST_BUCKETS, exact);
  const reason = `${formatCount(entries)} entries ÷ ${per} per bucket, like the kernel's default, ${count < exact ? 'at most' : '='} ${formatCount(count)}`;
  return { count, reason };
}

function proposeBuckets(given: Circumstances, entries: number, entryCauses: readonly string[]): Proposal[] {
  const wanted = wantBuckets(given, entries);
  const value = roundBuckets(wanted.count, given.host);
  const set = typeof given.profile.conntrack?.buckets === 'number' || numberOf(given.decided(BUCKETS)) !== undefined;
  const causes = set ? (given.decided(BUCKETS)?.causes ?? ['conntrack.buckets']) : entryCauses;
  const price = { fixedMemoryBytes: tableBytes(given.host, 0, value) };
  const reason = `${wanted.reason}${explainPages(wanted.count, given.host)}.`;
  return [
    {
      parameter: HASHSIZE,
      value,
      reason: `${reason} Loading the module with it sets nf_conntrack_max to 8 × ${formatCount(value)} = ${formatCount(8 * value)} until sysctl sets it.`,
      causes,
      price,
    },
    {
      parameter: BUCKETS,
      value,
      reason: `${reason} The same as the module option, for a module that was loaded without it.`,
      causes,
      price,
    },
  ];
}

/** What the kernel rounds buckets to, if it does. */
function explainPages(buckets: number, host: Host): string {
  const perPage = bucketsPerPage(host);
  const rounded = roundBuckets(buckets, host);
  if (perPage === 1) return '';
  return `; rounded up to whole pages of ${formatCount(perPage)}${rounded > buckets ? `: ${formatCount(rounded)}` : ''}`;
}
