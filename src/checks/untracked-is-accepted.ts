import { isServedUntracked } from '../rules/packet-rules.ts';
import type { Check } from './check.ts';

/** Filters between whose rules no place is certain, or whose drops an iptables rule cannot override. */
const WITHOUT_A_PLACE = ['nftables', 'firewalld', 'ufw'];

export const untrackedIsAccepted: Check = {
  id: 'untracked-is-accepted',
  severity: 'error',
  what: 'Where served ports are untracked, nettune can write accept rules for the filter of the host.',
  why: 'A stateful filter takes untracked packets for neither NEW nor ESTABLISHED, and drops them: the site is down.',
  fix: 'Set `conntrack.untracked.served: false`, or filter with iptables.',
  source: 'tried: the stock RHEL rule set with NOTRACK on port 80; ufw before.rules',
  find: (plan) => {
    const filter = plan.profile.firewall?.filter ?? 'none';
    if (!isServedUntracked(plan.profile) || !WITHOUT_A_PLACE.includes(filter)) return [];
    return [
      {
        message: `${filter} would drop the untracked packets of the served ports, and nettune cannot yet write accept rules for it`,
        remedy: 'set `conntrack.untracked.served: false`, or filter with iptables',
        causes: ['conntrack.untracked.served', 'firewall.filter'],
      },
    ];
  },
};
