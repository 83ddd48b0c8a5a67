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
import { type Bound, largestOf, smallestOf } from './bound.ts';
import { type Expectation, expectFallback, expectTracked, sayWhyCounted } from './expected-entries.ts';
import { causesOfHost } from './host-causes.ts';
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
    const bound = limitToBudget(entriesNeeded(given), given);
    const set = given.decided(ENTRIES);
    const entries = numberOf(set) ?? bound.value;
    const memoryBytes = tableBytes(given.host, entries, bucketsFor(given, entries));
    return [
      ...proposeBuckets(given, entries, set?.causes ?? bound.causes),
      {
        ...bound,
        parameter: ENTRIES,
        reason: `${bound.reason} Takes ${formatSize(memoryBytes)} when full, buckets included.`,
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
  return all && tracked ? addHeadroom(all, tracked, given) : needByMemory(given);
}

function insist(count: number, reason: string, causes: readonly string[]): Need {
  return { count, least: { count, causes }, reason, causes };
}

/** What traffic needs, or the kernel's default where that is more; where both are equal, more traffic would change it. */
function addHeadroom({ count, reason, causes }: Expectation, tracked: Expectation, given: Circumstances): Need {
  const standard = defaultEntries(given.host);
  const size = sizeTable(count, standard);
  const sum = `${reason}, ${sayWithHeadroom(count)}`;
  const isByTraffic = size > standard || sizeTable(count, 0) === standard;
  return {
    count: size,
    least: { count: withHeadroom(tracked.count), causes: tracked.causes },
    reason: `${isByTraffic ? `${sum}, rounded up to a power of two.` : `${sayDefault(given)}, because traffic needs less: ${sum}.`}${sayWhyCounted(given.traffic)}`,
    causes: isByTraffic ? causes : causesOfHost(defaultEntries, given),
  };
}

function sayDefault({ host }: Circumstances): string {
  return `The kernel's default for ${formatSize(host.memoryBytes)}, ${formatCount(defaultEntries(host))}`;
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

/** With this figure traffic decides. */
const MISSING = ['traffic.connectionsPerSecond'];

/** Without figures: the memory rule, or the kernel's default where that is more. */
function needByMemory(given: Circumstances): Need {
  const { memoryBytes, architecture } = given.host;
  const rule = memoryRuleEntries(given.host);
  const sum = `${formatSize(memoryBytes)} / 16384 / ${architecture.bits / 32} = ${formatCount(rule)}`;
  const { value, reason, of, missing } = largestOf(
    { value: rule, reason: `No traffic figures: ${sum} entries.`, of: memoryRuleEntries, missing: MISSING },
    {
      value: defaultEntries(given.host),
      reason: `No traffic figures. ${sayDefault(given)}, because the memory rule has less: ${sum}.`,
      of: defaultEntries,
      missing: [],
    },
  );
  return insist(value, reason, [...causesOfHost(of, given), ...missing]);
}

/** Memory limits what traffic asks for, but not below what the kernel would have made anyway. */
function limitToBudget(need: Need, given: Circumstances): Bound {
  const wanted: Bound = { value: need.count, reason: need.reason, causes: need.causes };
  if (typeof given.profile.conntrack?.maximum === 'number') return wanted;
  const standard = defaultEntries(given.host);
  const room = largestOf(
    { value: Math.floor(entriesFitting(given) / ROUND) * ROUND, causes: causesOfRoom(given) },
    { value: standard, causes: [...causesOfHost(defaultEntries, given), ...causesOfLittleRoom(standard, given)] },
  );
  return smallestOf(wanted, { ...room, reason: `${need.reason}${explainCut(need, room.value, given)}` });
}

/** Entries that fit the budget, with as many buckets as the profile insists on, or else as many as go with them. */
export function entriesFitting(given: Circumstances): number {
  return entriesWithin(given.host, tableBudget(given), bucketsOfProfile(given));
}

/** Buckets that the profile sets, where they alone leave no room for more than the kernel's default. */
function causesOfLittleRoom(standard: number, given: Circumstances): readonly string[] {
  const fitting = entriesWithin(given.host, tableBudget(given));
  return Math.floor(fitting / ROUND) * ROUND > standard ? causesOfBuckets(given) : [];
}

/** A host and a role have a budget, and a kernel entries of a size; buckets that the profile sets leave more or less of it. */
function causesOfRoom(given: Circumstances): readonly string[] {
  const fitting = (host: Host) => entriesFitting({ ...given, host });
  return [...causesOfHost(fitting, given), 'role', ...causesOfBuckets(given)];
}

/** What memory has made of the entries that were wanted. */
function explainCut({ least }: Need, count: number, given: Circumstances): string {
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
