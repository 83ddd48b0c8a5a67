import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import type { Breach, Check } from './check.ts';

/** Filters between whose rules no place is certain, or whose drops an iptables rule cannot override. */
const WITHOUT_A_PLACE = ['nftables', 'firewalld', 'ufw'];

export const untrackedIsAccepted: Check = {
  id: 'untracked-is-accepted',
  severity: 'error',
  what: 'Where connections are untracked, nettune can write accept rules for the filter of the host.',
  why: 'A stateful filter takes untracked packets for neither NEW nor ESTABLISHED, and drops them: the site is down.',
  fix: 'Set `conntrack.untracked.served` and `outbound` to false, or filter with iptables.',
  source: 'tried: the stock RHEL rule set with NOTRACK on port 80; ufw before.rules',
  find: (plan) => {
    const filter = plan.profile.firewall?.filter ?? 'none';
    if (!WITHOUT_A_PLACE.includes(filter)) return [];
    return [
      ...(isServedUntracked(plan.profile) ? [breach(filter, 'the served ports', 'conntrack.untracked.served')] : []),
      ...(isAnyOutboundUntracked(plan.profile)
        ? [breach(filter, 'connections that this host opens', 'conntrack.untracked.outbound')]
        : []),
    ];
  },
};

function breach(filter: string, packetsOf: string, cause: string): Breach {
  return {
    message: `${filter} would drop the untracked packets of ${packetsOf}, and nettune cannot yet write accept rules for it`,
    remedy: `set \`${cause}: false\`, or filter with iptables`,
    causes: [cause, 'firewall.filter'],
  };
}
