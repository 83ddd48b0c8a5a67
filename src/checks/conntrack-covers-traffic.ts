import { ENTRIES } from '../rules/connection-table.ts';
import { expectTracked } from '../rules/expected-entries.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const conntrackCoversTraffic: Check = {
  id: 'conntrack-covers-traffic',
  severity: 'error',
  softens: true,
  what: 'nf_conntrack_max ≥ 1.5 × (Σ new connections per second × seconds in TIME_WAIT + connections open + UDP dialogues per second × seconds), of all that is tracked. For sizes that the profile sets; a warning where only the headroom is missing.',
  why: 'When the table is full, the kernel drops the first packet of every new connection: the host looks dead from outside, and ssh fails too.',
  fix: 'Leave `conntrack.maximum` to nettune, keep entries for a shorter time, or leave the served ports untracked.',
  source: 'nf_conntrack_core.c, __nf_conntrack_alloc(); docs/how-to/table-full.md',
  find: (plan) => {
    if (isTrackingOff(plan.profile)) return [];
    const entries = numberFor(plan, ENTRIES);
    const expected = expectTracked({ ...plan, decided: (parameter) => decisionOn(plan, parameter) });
    if (entries === undefined || !expected || !isSet(plan) || entries >= withHeadroom(expected.count)) return [];
    const isFull = entries < expected.count;
    return [
      {
        message: `${expected.reason}${isFull ? '' : `, ${sayWithHeadroom(expected.count)}`}, but the table holds ${formatCount(entries)}`,
        remedy: `leave the size to nettune, or set \`conntrack.maximum\` to \`${withHeadroom(expected.count)}\` or more`,
        causes: [...new Set([...(decisionOn(plan, ENTRIES)?.causes ?? []), ...expected.causes])],
        severity: isFull ? 'error' : 'warning',
      },
    ];
  },
};

/** What nettune sizes falls short only for want of memory, which conntrack-fits-memory says. */
function isSet({ profile, decisions }: Parameters<Check['find']>[0]): boolean {
  const decision = decisions.find(({ parameter }) => parameter === ENTRIES);
  return typeof profile.conntrack?.maximum === 'number' || decision?.rule === 'override';
}
