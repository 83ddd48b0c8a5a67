import { BUCKETS, bucketsFor, ENTRIES, entriesNeeded, sayBudget, tableBudget } from '../rules/connection-table.ts';
import { sayMoreMemory } from '../rules/memory-share.ts';
import { circumstancesOf } from '../rules/rule.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import { defaultBuckets, defaultEntries, entriesWithin, tableBytes } from '../sizing/kernel-table.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import type { Decision, Plan } from '../values/plan.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const conntrackFitsMemory: Check = {
  id: 'conntrack-fits-memory',
  severity: 'error',
  what: 'Entries × bytes of an entry + buckets × bytes of a bucket ≤ 2 % of memory, on a gateway 10 %.',
  why: 'The connection table is kernel memory that cannot be swapped: a full one that was sized too large takes the host down.',
  fix: 'Give the host more memory, track less (`conntrack.untracked`), or keep entries for a shorter time (`conntrack.timeouts`).',
  source: 'nf_conntrack slab objects, measured; docs/how-to/table-full.md',
  find: (plan) => {
    const { host } = plan;
    if (isTrackingOff(plan.profile)) return [];
    const given = circumstancesOf(plan);
    const needed = neededEntries(plan);
    if (needed === undefined) return [];
    const buckets = bucketsFor({ ...given, decided: (parameter) => overrideOn(plan, parameter) }, needed);
    const price = tableBytes(host, needed, buckets);
    const budget = tableBudget(given);
    const isKernelsOwn = needed <= defaultEntries(host) && buckets <= defaultBuckets(host);
    if (price <= budget || isKernelsOwn) return [];
    const { role } = given;
    const fitting = formatCount(entriesWithin(host, budget));
    const ways = role.trackingNeeded
      ? ['spread the traffic over more gateways', 'use shorter timeouts, which the standards limit']
      : ['track less (`conntrack.untracked`)', 'keep entries for a shorter time (`conntrack.timeouts`)'];
    return [
      {
        message: `${formatCount(needed)} entries and ${formatCount(buckets)} buckets take ${formatSize(price)}, but ${sayBudget(given)} is ${formatSize(budget)}, room for ${fitting}`,
        remedy: `${sayMoreMemory(host)}, ${ways.join(', or ')}`,
        causes: [
          ...new Set([
            ...(decisionOn(plan, ENTRIES)?.causes ?? []),
            ...(decisionOn(plan, BUCKETS)?.causes ?? []),
            'host.memory',
          ]),
        ],
      },
    ];
  },
};

/** What traffic asks for, before memory cut it; or what the profile insists on. */
function neededEntries(plan: Plan): number | undefined {
  if (overrideOn(plan, ENTRIES)) return numberFor(plan, ENTRIES);
  return entriesNeeded(circumstancesOf(plan)).least;
}

/** What the profile insists on. Buckets that a rule chose are those for the entries that memory has left. */
function overrideOn(plan: Plan, parameter: string): Decision | undefined {
  const decision = decisionOn(plan, parameter);
  return decision?.rule === 'override' ? decision : undefined;
}
