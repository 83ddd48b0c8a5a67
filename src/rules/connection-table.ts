import { sizeTable } from '../sizing/connection-entries.ts';
import { HEADROOM, withHeadroom } from '../sizing/headroom.ts';
import {
  defaultEntries,
  entriesPerBucket,
  entriesWithin,
  memoryRuleEntries,
  roundBuckets,
  tableBytes,
} from '../sizing/kernel-table.ts';
import type { Host } from '../values/host.ts';
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
    const cut =
      count < need.count
        ? ` Cut to ${formatCount(count)}, which fits ${given.role.memoryShare * 100} % of memory.`
        : '';
    return [
      ...proposeBuckets(given, entries, given.decided(ENTRIES)?.causes ?? need.causes),
      {
        parameter: ENTRIES,
        value: count,
        reason: `${need.reason}${cut} Takes ${formatSize(memoryBytes)} when full.`,
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
  if (count === 0)
    return { count: size, least, reason: `${reason} fit the kernel's default for this amount of memory.`, causes };
  const comparison =
    size > standard
      ? `with headroom ${HEADROOM}, rounded up to a power of two.`
      : `with headroom ${HEADROOM} this is below the kernel's default for this amount of memory, so the default is kept.`;
  return { count: size, least, reason: `${reason}; ${comparison}`, causes };
}

/** Bytes that the table may take on a host of this role. */
export function tableBudget({ host, role }: Pick<Circumstances, 'host' | 'role'>): number {
  return host.memoryBytes * role.memoryShare;
}

function needByMemory(host: Host): Need {
  const count = Math.max(memoryRuleEntries(host), defaultEntries(host));
  const reason = `No traffic figures: ${formatSize(host.memoryBytes)} / 16384 / ${host.architecture.bits / 32} entries, or the kernel's default if that is more.`;
  return { count, least: count, reason, causes: [] };
}

/** Memory limits what traffic asks for, but not below what the kernel would have made anyway. */
function limitToBudget({ count }: Need, given: Circumstances): number {
  if (typeof given.profile.conntrack?.maximum === 'number') return count;
  const fitting = entriesWithin(given.host, tableBudget(given));
  return Math.min(count, Math.max(defaultEntries(given.host), Math.floor(fitting / ROUND) * ROUND));
}

/** Hash buckets for so many entries: as the profile has it, or as many as the kernel would make. */
export function bucketsFor({ profile, host, decided }: Circumstances, entries: number): number {
  const wanted = numberOf(decided(BUCKETS)) ?? profile.conntrack?.buckets;
  return roundBuckets(
    typeof wanted === 'number' ? wanted : Math.min(MOST_BUCKETS, Math.ceil(entries / entriesPerBucket(host))),
    host,
  );
}

function proposeBuckets(given: Circumstances, entries: number, entryCauses: readonly string[]): Proposal[] {
  const value = bucketsFor(given, entries);
  const set = typeof given.profile.conntrack?.buckets === 'number' || numberOf(given.decided(BUCKETS)) !== undefined;
  const per = entriesPerBucket(given.host);
  const chosen = set
    ? 'Set by the profile'
    : `${per} ${per === 1 ? 'entry' : 'entries'} per bucket, like the kernel's default`;
  const causes = set ? (given.decided(BUCKETS)?.causes ?? ['conntrack.buckets']) : entryCauses;
  const isRounded = roundBuckets(1, given.host) > 1;
  const reason = `${chosen}${isRounded ? `; rounded up to whole pages of ${given.host.architecture.pageBytes} bytes` : ''}.`;
  return [
    {
      parameter: HASHSIZE,
      value,
      reason: `${reason} Loading the module with it sets nf_conntrack_max to 8 times as many entries until sysctl sets it.`,
      causes,
    },
    {
      parameter: BUCKETS,
      value,
      reason: `${reason} The same as the module option, for a module that was loaded without it.`,
      causes,
    },
  ];
}
