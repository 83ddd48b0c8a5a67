import { BUCKETS, ENTRIES } from '../rules/connection-table.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { isWithin } from '../values/kernel-version.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

/** An entry stands in two chains, one for each direction. */
const CHAINS_PER_ENTRY = 2;

/** As many as the kernel itself ever planned for: 8 entries for each bucket. */
const LONGEST_CHAIN = 16;

/** From 5.15 on an entry that finds a chain of this length is refused; by how much more, the kernel leaves to chance. */
const REFUSED_CHAIN = 50;

export const bucketsFitTable: Check = {
  id: 'buckets-fit-table',
  severity: 'warning',
  what: '2 × nf_conntrack_max / buckets ≤ 16: an entry stands in two chains, one for each direction.',
  why: 'Each packet is looked for in a chain of entries. Long chains take the processor; from 5.15 on a new connection that meets one is refused.',
  fix: 'Leave `conntrack.buckets` to nettune: as many as the kernel itself makes for so many entries.',
  source: 'nf_conntrack_core.c, MIN_CHAINLEN (5.15); incident 003',
  find: (plan) => {
    const entries = numberFor(plan, ENTRIES);
    const buckets = numberFor(plan, BUCKETS);
    if (entries === undefined || !buckets || buckets < 1) return [];
    const chain = (entries * CHAINS_PER_ENTRY) / buckets;
    if (chain <= LONGEST_CHAIN) return [];
    const isRefused = isWithin(plan.host.kernel, { since: '5.15' }) && chain >= REFUSED_CHAIN;
    return [
      {
        message: `${formatCount(entries)} entries in ${formatCount(buckets)} buckets make chains of ${formatCount(Math.round(chain))}${isRefused ? `, and this kernel refuses connections from ${REFUSED_CHAIN} on` : ''}`,
        remedy: `leave the buckets to nettune, or have at least ${formatCount(Math.ceil((entries * CHAINS_PER_ENTRY) / LONGEST_CHAIN))}`,
        causes: [
          ...new Set([...(decisionOn(plan, BUCKETS)?.causes ?? []), ...(decisionOn(plan, ENTRIES)?.causes ?? [])]),
        ],
        severity: isRefused ? 'error' : 'warning',
      },
    ];
  },
};
