import { beforeSizing, ENTRIES, entriesNeeded, sayBudget, tableBudget } from '../rules/connection-table.ts';
import { sayMoreMemory } from '../rules/memory-share.ts';
import { type Circumstances, numberOf } from '../rules/rule.ts';
import { bucketsFor, causesOfBuckets } from '../rules/table-buckets.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import { defaultBuckets, defaultEntries, entriesWithin, tableBytes } from '../sizing/kernel-table.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const conntrackFitsMemory: Check = {
  id: 'conntrack-fits-memory',
  severity: 'error',
  softens: true,
  what: 'Entries × bytes of an entry + buckets × bytes of a bucket ≤ 2 % of memory, on a gateway 10 %. A warning up to twice that, where the profile sets the size.',
  why: 'The connection table is kernel memory that cannot be swapped: a full one that was sized too large takes the host down.',
  fix: 'Give the host more memory, track less (`conntrack.untracked`), or keep entries for a shorter time (`conntrack.timeouts`).',
  source: 'nf_conntrack slab objects, measured; docs/how-to/table-full.md',
  find: (plan) => {
    const { host } = plan;
    if (isTrackingOff(plan.profile)) return [];
    const given = beforeSizing(plan);
    const needed = neededEntries(given);
    const buckets = bucketsFor(given, needed.count);
    const price = tableBytes(host, needed.count, buckets);
    const budget = tableBudget(given);
    const isKernelsOwn = needed.count <= defaultEntries(host) && buckets <= defaultBuckets(host);
    if (price <= budget || isKernelsOwn) return [];
    const { role } = given;
    const fitting = formatCount(entriesWithin(host, budget));
    const ways = role.trackingNeeded
      ? ['spread the traffic over more gateways', 'use shorter timeouts, which the standards limit']
      : ['track less (`conntrack.untracked`)', 'keep entries for a shorter time (`conntrack.timeouts`)'];
    return [
      {
        message: `${formatCount(needed.count)} entries and ${formatCount(buckets)} buckets take ${formatSize(price)}, but ${sayBudget(given)} is ${formatSize(budget)}, room for ${fitting}`,
        remedy: `${sayMoreMemory(host)}, ${ways.join(', or ')}`,
        causes: [...new Set([...needed.causes, ...causesOfBuckets(given), 'host.memory'])],
        severity: needed.isSet && price <= budget * 2 ? 'warning' : 'error',
      },
    ];
  },
};

/** What the profile insists on, or what stays tracked: for all else there is the fallback's own check. */
function neededEntries(given: Circumstances): { count: number; causes: readonly string[]; isSet: boolean } {
  const set = given.decided(ENTRIES);
  const count = numberOf(set);
  if (set && count !== undefined) return { count, causes: set.causes, isSet: true };
  const { least } = entriesNeeded(given);
  return { ...least, isSet: least.causes.includes('conntrack.maximum') };
}
