import { bucketsPerPage, entriesPerBucket, roundBuckets, tableBytes } from '../sizing/kernel-table.ts';
import type { Host } from '../values/host.ts';
import { formatCount } from '../values/quantities.ts';
import { causesOfHost } from './host-causes.ts';
import { type Circumstances, numberOf, type Proposal } from './rule.ts';

/** In whole pages; the kernel refuses INT_MAX / 8 and more. */
const MOST_BUCKETS = 2 ** 27;

export const BUCKETS = 'net.netfilter.nf_conntrack_buckets';
export const HASHSIZE = 'nf_conntrack hashsize';

/** Hash buckets for so many entries: as the profile has it, or as many as the kernel would make. */
export function bucketsFor(given: Circumstances, entries: number): number {
  return roundBuckets(wantBuckets(given, entries).count, given.host);
}

/** Buckets that the profile insists on. */
export function bucketsOfProfile({ profile, decided }: Circumstances): number | undefined {
  const set = numberOf(decided(BUCKETS)) ?? profile.conntrack?.buckets;
  return typeof set === 'number' ? set : undefined;
}

/** The keys with which it does. */
export function causesOfBuckets(given: Circumstances): readonly string[] {
  if (bucketsOfProfile(given) === undefined) return [];
  return given.decided(BUCKETS)?.causes ?? ['conntrack.buckets'];
}

/** Before the kernel rounds them. */
function wantBuckets(given: Circumstances, entries: number): { count: number; reason: string } {
  const set = bucketsOfProfile(given);
  if (set !== undefined) return { count: set, reason: `Set by the profile: ${formatCount(set)}` };
  const per = entriesPerBucket(given.host);
  const exact = Math.ceil(entries / per);
  const count = Math.min(MOST_BUCKETS, exact);
  const share = per === 1 ? 'one bucket for each' : `one bucket for ${per} of them`;
  const reason = `${formatCount(entries)} entries, ${share}, as the kernel does: ${count < exact ? 'at most ' : ''}${formatCount(count)}`;
  return { count, reason };
}

/** Buckets for so many entries, as the module option and as the parameter. */
export function proposeBuckets(given: Circumstances, entries: number, entryCauses: readonly string[]): Proposal[] {
  const wanted = wantBuckets(given, entries);
  const value = roundBuckets(wanted.count, given.host);
  const own = causesOfBuckets(given);
  const buckets = (host: Host) => bucketsFor({ ...given, host }, entries);
  const causes = [...new Set([...(own.length > 0 ? own : entryCauses), ...causesOfHost(buckets, given)])];
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
