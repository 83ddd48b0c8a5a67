import { beforeSizing, ENTRIES, entriesFitting, ROUND, sayBudget, tableBudget } from '../rules/connection-table.ts';
import { causesOfUntracking, expectTracked, TIME_WAIT, timeoutsOf } from '../rules/expected-entries.ts';
import { type Fallback, isCovered, sayWhenFull, weighFallback } from '../rules/fallback.ts';
import { sayMoreMemory } from '../rules/memory-share.ts';
import { bucketsFor } from '../rules/table-buckets.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import { countedSeconds } from '../sizing/expired-entries.ts';
import { HEADROOM, sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { tableBytes } from '../sizing/kernel-table.ts';
import { decisionOn } from '../values/decided.ts';
import { kernelMemory } from '../values/host.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Check } from './check.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** A shorter TIME_WAIT of entries is no longer proposed: segments that come late would belong to nothing. */
const SHORTEST_SECONDS = 10;

export const conntrackCoversFallback: Check = {
  id: 'conntrack-covers-fallback',
  severity: 'warning',
  what: 'Where anything is left untracked: nf_conntrack_max ≥ 1.5 × (Σ new connections per second × seconds in TIME_WAIT + connections open), of all traffic, tracked or not.',
  why: 'A host tracks everything while its untracking rules are refused, taken away by a reload of the firewall, or not loaded yet. A table that was sized for the rest fills within a minute, and the kernel drops new connections, ssh too.',
  fix: 'Give the host more memory, keep entries for a shorter time (`conntrack.timeouts.timeWait`), or leave `conntrack.maximum` to nettune.',
  source: 'nf_conntrack_core.c, __nf_conntrack_alloc(); docs/how-to/table-full.md',
  find: (plan) => {
    const fallback = isTrackingOff(plan.profile) ? undefined : weighFallback(plan);
    if (!fallback || isCovered(fallback) || isShortAnyway(fallback, plan)) return [];
    const { needed, share } = fallback;
    const set = wayOfSetting(plan);
    const headroom = share < 1 ? '' : `, ${sayWithHeadroom(needed.count)}`;
    const loss =
      share < 1 ? ': the kernel drops new connections beyond that, ssh too' : `, without the headroom of ${HEADROOM}`;
    return [
      {
        message: `while untracking is not in place, the host tracks ${needed.reason}${headroom}, but ${sayTable(fallback, plan)}. It is full at ${sayWhenFull(fallback, plan)}${loss}`,
        remedy: propose(fallback, plan),
        causes: [
          ...new Set([
            ...(set === undefined ? ['host.memory'] : [set]),
            ...needed.causes,
            ...causesOfUntracking(plan.traffic.flows),
          ]),
        ],
      },
    ];
  },
};

function sayTable({ entries }: Fallback, plan: Plan): string {
  const given = beforeSizing(plan);
  const table = `the table holds ${formatCount(entries)}`;
  if (wayOfSetting(plan) !== undefined) return table;
  return `${table}${entries > entriesFitting(given) ? ", the kernel's default" : ''}: ${sayBudget(given)} allows no more`;
}

/** Too small for what stays tracked: conntrack-covers-traffic and conntrack-fits-memory say that. */
function isShortAnyway({ entries }: Fallback, plan: Plan): boolean {
  return entries < withHeadroom(expectTracked(beforeSizing(plan))?.count ?? 0);
}

/** The key with which the profile sets the size itself. */
function wayOfSetting(plan: Plan): string | undefined {
  const decision = decisionOn(plan, ENTRIES);
  if (decision?.rule === 'override') return decision.causes[0];
  return typeof plan.profile.conntrack?.maximum === 'number' ? 'conntrack.maximum' : undefined;
}

function propose(fallback: Fallback, plan: Plan): string {
  const set = wayOfSetting(plan);
  const least = withHeadroom(fallback.needed.count);
  if (set !== undefined && bytesFor(least, plan) <= tableBudget(beforeSizing(plan)))
    return `leave the size to nettune, or set \`${set}\` to \`${least}\` or more`;
  const ways = [...proposeMemory(least, plan), ...proposeTimeout(fallback, plan)].join(', or ');
  return `${set === undefined ? '' : 'leave the size to nettune, and '}${ways}; or allow this if the host may lose that much while it tracks`;
}

function bytesFor(entries: number, plan: Plan): number {
  return tableBytes(plan.host, entries, bucketsFor(beforeSizing(plan), entries));
}

/** Memory with which all of it fits: table / its share of memory, in whole GiB where that is more than one. */
function proposeMemory(entries: number, plan: Plan): string[] {
  const { host } = plan;
  const given = beforeSizing(plan);
  if (kernelMemory(host) < host.memoryBytes) return [sayMoreMemory(host)];
  const bytes = bytesFor(Math.ceil(entries / ROUND) * ROUND, plan) / given.role.memoryShare;
  const unit = bytes > GIB ? GIB : MIB;
  return [`give the host ${formatSize(Math.ceil(bytes / unit) * unit)} of memory`];
}

/**
 * Seconds in TIME_WAIT with which all of it fits: (entries / headroom - open ones) / new ones per second. Fewer than an
 * entry counts for anyway would gain nothing.
 */
function proposeTimeout({ entries }: Fallback, plan: Plan): string[] {
  const given = beforeSizing(plan);
  const { timeWait } = timeoutsOf(given);
  const { flows } = plan.traffic;
  const sum = (of: (flow: (typeof flows)[number]) => number) => flows.reduce((total, flow) => total + of(flow), 0);
  const table = wayOfSetting(plan) === undefined ? entries : Math.floor(entriesFitting(given) / ROUND) * ROUND;
  const seconds = Math.floor((table / HEADROOM - sum(({ open }) => open)) / sum(({ perSecond }) => perSecond));
  const isFixed = decisionOn(plan, TIME_WAIT)?.rule === 'override';
  return seconds >= countedSeconds(SHORTEST_SECONDS, plan.host) && seconds < timeWait && !isFixed
    ? [`set \`conntrack.timeouts.timeWait\` to \`${seconds}s\``]
    : [];
}
