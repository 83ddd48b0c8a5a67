import { sizeTable } from '../sizing/connection-entries.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import {
  bytesPerEntry,
  defaultEntries,
  entriesWithin,
  entryBytes,
  memoryRuleEntries,
  tableBytes,
} from '../sizing/kernel-table.ts';
import { type Host, kernelMemory } from '../values/host.ts';
import type { Decision, Plan } from '../values/plan.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import { type Expectation, expectFallback, expectTracked, sayWhyCounted } from './expected-entries.ts';
import { type Circumstances, circumstancesOf, numberOf, type Rule } from './rule.ts';
import { BUCKETS, bucketsFor, bucketsOfProfile, causesOfBuckets, HASHSIZE, proposeBuckets } from './table-buckets.ts';
import { isTrackingOff } from './tracking.ts';

/** A number that memory and no formula sets need not look exact. */
export const ROUND = 1024;

export const ENTRIES = 'net.netfilter.nf_conntrack_max';

/** How many entries are needed, and why. */
interface Need extends Expectation {
  /**
   * What the table must hold where all rules are loaded: what stays tracked, with headroom, before it is rounded up.
   * `count` is what would be set for all traffic if memory were no matter.
   */
  readonly least: Omit<Expectation, 'reason'>;
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
        reason: `${need.reason}${explainCut(need, count, given)} Takes ${formatSize(memoryBytes)} when full, buckets included.`,
        causes: [...new Set([...need.causes, 'host.memory', ...causesOfRoom(given)])],
        price: { memoryBytes },
      },
    ];
  },
};

/** What the rule was given for a plan that is finished: only the profile has said anything of sizes then. */
export function beforeSizing(plan: Plan): Circumstances {
  const own = [ENTRIES, BUCKETS, HASHSIZE];
  const isOwn = ({ parameter, rule }: Decision) => own.includes(parameter) && rule !== 'override';
  const decisions = plan.decisions.filter((decision) => !isOwn(decision));
  return circumstancesOf({ ...plan, decisions });
}

/** What all traffic would keep in the table, with headroom. Without figures: the memory rule. */
export function entriesNeeded(given: Circumstances): Need {
  const wanted = given.profile.conntrack?.maximum;
  if (typeof wanted === 'number') return insist(wanted, 'Set by the profile.', ['conntrack.maximum']);
  const tracked = expectTracked(given);
  const all = expectFallback(given);
  return all && tracked ? addHeadroom(all, tracked, given) : needByMemory(given.host);
}

function insist(count: number, reason: string, causes: readonly string[]): Need {
  return { count, least: { count, causes }, reason, causes };
}

function addHeadroom({ count, reason, causes }: Expectation, tracked: Expectation, given: Circumstances): Need {
  const standard = defaultEntries(given.host);
  const size = sizeTable(count, standard);
  const kernels = `the kernel's default for this amount of memory, ${formatCount(standard)}`;
  const comparison = size > standard ? 'rounded up to a power of two.' : `no more than ${kernels}, which is kept.`;
  return {
    count: size,
    least: { count: withHeadroom(tracked.count), causes: tracked.causes },
    reason: `${reason}, ${sayWithHeadroom(count)}, ${comparison}${sayWhyCounted(given.traffic)}`,
    causes,
  };
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
  return insist(count, reason, []);
}

/** Memory limits what traffic asks for, but not below what the kernel would have made anyway. */
function limitToBudget({ count }: Need, given: Circumstances): number {
  if (typeof given.profile.conntrack?.maximum === 'number') return count;
  const fitting = entriesFitting(given);
  return Math.min(count, Math.max(defaultEntries(given.host), Math.floor(fitting / ROUND) * ROUND));
}

/** Entries that fit the budget, with as many buckets as the profile insists on, or else as many as go with them. */
export function entriesFitting(given: Circumstances): number {
  return entriesWithin(given.host, tableBudget(given), bucketsOfProfile(given));
}

/** Buckets that the profile sets leave more or less of the budget for entries; not for those that it sets as well. */
function causesOfRoom(given: Circumstances): readonly string[] {
  return typeof given.profile.conntrack?.maximum === 'number' ? [] : causesOfBuckets(given);
}

/** What memory has made of the entries that were wanted. */
function explainCut({ count: wanted, least }: Need, count: number, given: Circumstances): string {
  if (count === wanted) return '';
  const fitting = entriesFitting(given);
  const buckets = bucketsOfProfile(given);
  const size =
    buckets === undefined
      ? `${bytesPerEntry(given.host)} bytes with their buckets`
      : `${entryBytes(given.host)} bytes beside ${formatCount(buckets)} buckets`;
  const room = `${sayBudget(given)} has room for ${formatCount(fitting)} of ${size}`;
  const isAnyUntracked = given.traffic.flows.some(({ isTracked }) => !isTracked);
  const needed = isAnyUntracked && least.count > 0 ? ` What stays tracked needs ${formatCount(least.count)}.` : '';
  return ` Cut to ${formatCount(count)}${count > fitting ? ", the kernel's default" : ''}: ${room}.${needed}`;
}
