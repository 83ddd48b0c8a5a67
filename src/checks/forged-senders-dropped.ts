import { reverseFilter } from '../rules/forwarding.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import type { Check } from './check.ts';

export const forgedSendersDropped: Check = {
  id: 'forged-senders-dropped',
  severity: 'warning',
  what: 'On a gateway rp_filter is not set to 0 for `all`, `default` or an interface of `gateway.wan`. 0 is allowed where `all` is 1 or 2, or where each of these interfaces has its own value.',
  why: 'Without a reverse path filter a packet from the world that claims to come from inside is believed.',
  fix: 'Use 1, or 2 where packets may return another way.',
  source: 'RFC 3704; include/linux/inetdevice.h',
  find: (plan) => {
    if (plan.role !== 'nat-gateway') return [];
    return ['all', 'default', ...(plan.profile.gateway?.wan ?? [])].flatMap((device) => {
      const decision = decisionOn(plan, reverseFilter(device));
      if (decision?.value !== 0 || isFilteredByAll(plan)) return [];
      return [
        {
          message: `${decision.spelling} 0 lets packets with forged senders in`,
          remedy: 'use 1, or 2 where packets may return another way (several uplinks)',
          causes: decision.causes,
        },
      ];
    });
  },
};

/** The larger of `all` and the interface counts. */
function isFilteredByAll(plan: Plan): boolean {
  const value = decisionOn(plan, reverseFilter('all'))?.value;
  return value === 1 || value === 2;
}
