import type { Host } from '../values/host.ts';
import { formatCount, formatSize, powerOfTwo } from '../values/quantities.ts';
import {
  defaultEntries,
  entriesPerBucket,
  entriesWithin,
  memoryRuleEntries,
  roundBuckets,
  tableBytes,
} from './kernel-table.ts';
import { isServedUntracked } from './packet-rules.ts';
import { type Circumstances, numberOf, type Proposal, type Rule } from './rule.ts';

/** Room above the computed need: peaks are never as even as the figures. */
const HEADROOM = 1.5;

/** A number that memory and no formula sets need not look exact. */
const ROUND = 1024;

export const ENTRIES = 'net.netfilter.nf_conntrack_max';
export const BUCKETS = 'net.netfilter.nf_conntrack_buckets';
const HASHSIZE = 'nf_conntrack hashsize';

/** How many entries are needed, and why. */
interface Need {
  /** What would be set if memory were no matter. */
  readonly count: number;
  /** What traffic asks for with headroom, before it is rounded up. */
  readonly least: number;
  readonly reason: string;
  readonly causes: readonly string[];
}

/** Entries that traffic keeps in the table. */
type Expectation = Omit<Need, 'least'>;

/** The connection table: its entries, its hash buckets, and the module option that keeps both together at load time. */
export const connectionTable: Rule = {
  id: 'connection-table',
  propose: (given) => {
    const need = entriesNeeded(given);
    const count = limitToBudget(need, given);
    const entries = numberOf(given.decided(ENTRIES)) ?? count;
    const price = formatSize(tableBytes(given.host, entries, bucketsFor(given, entries)));
    const cut =
      count < need.count
        ? ` Cut to ${formatCount(count)}, which fits ${given.role.memoryShare * 100} % of memory.`
        : '';
    return [
      ...proposeBuckets(given, entries, need.causes),
      {
        parameter: ENTRIES,
        value: count,
        reason: `${need.reason}${cut} Takes ${price} when full.`,
        causes: [...need.causes, 'host.memory'],
      },
    ];
  },
};

/**
 * Entries = rate × TIME_WAIT + connections open at once, times the entries that each makes, with headroom, up to a power
 * of two, never below the kernel's own default. Without figures: the memory rule.
 */
export function entriesNeeded(given: Circumstances): Need {
  const wanted = given.profile.conntrack?.maximum;
  if (typeof wanted === 'number')
    return { count: wanted, least: wanted, reason: 'Set by the profile.', causes: ['conntrack.maximum'] };
  const expected = expectEntries(given);
  return expected ? addHeadroom(expected, given.host) : needByMemory(given.host);
}

function addHeadroom({ count, reason, causes }: Expectation, host: Host): Need {
  const least = count * HEADROOM;
  const standard = defaultEntries(host);
  if (least > standard)
    return {
      count: powerOfTwo(least),
      least,
      reason: `${reason}; with headroom ${HEADROOM}, rounded up to a power of two.`,
      causes,
    };
  const comparison =
    count === 0
      ? `fit the kernel's default for this amount of memory.`
      : `with headroom ${HEADROOM} this is below the kernel's default for this amount of memory, so the default is kept.`;
  return { count: standard, least, reason: `${reason}${count === 0 ? ' ' : '; '}${comparison}`, causes };
}

/** Bytes that the table may take on a host of this role. */
export function tableBudget({ host, role }: Pick<Circumstances, 'host' | 'role'>): number {
  return host.memoryBytes * role.memoryShare;
}

function expectEntries(given: Circumstances): Expectation | undefined {
  const { profile, role, decided } = given;
  const { connectionsPerSecond: rate = 0, concurrentConnections: open = 0 } = profile.traffic ?? {};
  if (rate === 0 && open === 0) return undefined;
  const isUntracked = isServedUntracked(given);
  if (isUntracked && role.entriesPerConnection === 1)
    return {
      count: 0,
      reason: 'Served connections are not tracked; the few others, such as ssh,',
      causes: ['conntrack.untracked.served'],
    };
  const perConnection = role.entriesPerConnection - (isUntracked ? 1 : 0);
  const timeWait = decided('net.netfilter.nf_conntrack_tcp_timeout_time_wait');
  const lingering = numberOf(timeWait) ?? 0;
  const count = perConnection * (rate * lingering + open);
  const times = perConnection === 1 ? '' : `${perConnection} × `;
  const reason = `${times}(${formatCount(rate)} connections/s × ${lingering} s in TIME_WAIT + ${formatCount(open)} open) = ${formatCount(count)} entries`;
  const causes = [
    ...(rate > 0 ? ['traffic.connectionsPerSecond', ...(timeWait?.causes ?? [])] : []),
    ...(open > 0 ? ['traffic.concurrentConnections'] : []),
    ...(isUntracked ? ['conntrack.untracked.served'] : []),
  ];
  return { count, reason, causes };
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

function bucketsFor({ profile, host, decided }: Circumstances, entries: number): number {
  const wanted = numberOf(decided(BUCKETS)) ?? profile.conntrack?.buckets;
  return roundBuckets(typeof wanted === 'number' ? wanted : Math.ceil(entries / entriesPerBucket(host)), host);
}

function proposeBuckets(given: Circumstances, entries: number, entryCauses: readonly string[]): Proposal[] {
  const value = bucketsFor(given, entries);
  const set = typeof given.profile.conntrack?.buckets === 'number' || numberOf(given.decided(BUCKETS)) !== undefined;
  const per = entriesPerBucket(given.host);
  const chosen = set
    ? 'Set by the profile'
    : `${per} ${per === 1 ? 'entry' : 'entries'} per bucket, like the kernel's default`;
  const causes = set ? ['conntrack.buckets'] : entryCauses;
  const reason = `${chosen}; rounded up to whole pages of ${given.host.architecture.pageBytes} bytes.`;
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
