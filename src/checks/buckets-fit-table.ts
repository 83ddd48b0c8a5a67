import { ENTRIES } from '../rules/connection-table.ts';
import { BUCKETS } from '../rules/table-buckets.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { isWithin } from '../values/kernel-version.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

/** An entry stands in two chains, one for each direction. */
const CHAINS_PER_ENTRY = 2;

/** As many as the kernel itself ever planned for: 8 entries for each bucket. */
const LONGEST_CHAIN = 16;

/**
 * From 5.15 on a new entry is refused by a chain of 50 or more, which some chains reach when they are 24 long on average.
 * Up to 6.2, without the fix that stable kernels have (commit c77737b736ce), chains of 8 to 32 refuse already.
 */
const REFUSED_CHAIN = 24;

export const bucketsFitTable: Check = {
  id: 'buckets-fit-table',
  severity: 'error',
  softens: true,
  what: `2 × nf_conntrack_max / buckets ≤ ${LONGEST_CHAIN}: an entry stands in two chains, one for each direction. An error from ${REFUSED_CHAIN} on, on kernels that refuse long chains (5.15).`,
  why: 'Each packet is looked for in a chain of entries. Long chains take the processor; from 5.15 on a new connection that meets a very long one is refused.',
  fix: 'Leave `conntrack.buckets` to nettune: as many as the kernel itself makes for so many entries.',
  source: 'nf_conntrack_core.c, MIN_CHAINLEN, commit c77737b736ce; docs/how-to/table-full.md',
  find: (plan) => {
    const entries = numberFor(plan, ENTRIES);
    const buckets = numberFor(plan, BUCKETS);
    if (entries === undefined || !buckets || buckets < 1) return [];
    const chain = (entries * CHAINS_PER_ENTRY) / buckets;
    if (chain <= LONGEST_CHAIN) return [];
    const isRefused = isWithin(plan.host.kernel, { since: '5.15' }) && chain >= REFUSED_CHAIN;
    return [
      {
        message: `${formatCount(entries)} entries in ${formatCount(buckets)} buckets make chains of ${formatCount(Math.round(chain))} on average${isRefused ? ', and this kernel refuses a new connection that meets a chain of 50' : ''}`,
        remedy: `leave the buckets to nettune, or set \`conntrack.buckets\` to \`${Math.ceil((entries * CHAINS_PER_ENTRY) / LONGEST_CHAIN)}\` or more`,
        causes: [
          ...new Set([...(decisionOn(plan, BUCKETS)?.causes ?? []), ...(decisionOn(plan, ENTRIES)?.causes ?? [])]),
        ],
        severity: isRefused ? 'error' : 'warning',
      },
    ];
  },
};
