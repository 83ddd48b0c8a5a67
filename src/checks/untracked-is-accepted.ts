import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { filterOf, packetTool } from '../rules/packet-tool.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const untrackedIsAccepted: Check = {
  id: 'untracked-is-accepted',
  severity: 'error',
  what: 'Beside nftables, firewalld or ufw, no outgoing connection is untracked.',
  why: 'A stateful filter may take untracked packets for neither NEW nor ESTABLISHED, and drop them. What nft, firewalld or ufw drop, no rule of nettune can accept; and for the answers of servers elsewhere, these filters have no rule of their own.',
  fix: 'Leave connections tracked that the host opens (`conntrack.untracked.outbound`), or filter with iptables.',
  source: 'tried: the stock RHEL rule set with NOTRACK on port 80; ufw 0.36.2 and firewalld 1.3.3 of Debian 12',
  find: (plan) => (packetTool(plan.profile, plan.host.distribution) === 'iptables' ? [] : findOutbound(plan)),
};

function findOutbound({ profile }: Plan): Breach[] {
  if (!isAnyOutboundUntracked(profile)) return [];
  return [
    {
      message: `beside ${filterOf(profile)}, nothing shows that the answers to connections which this host opens would be accepted untracked`,
      remedy: 'set `conntrack.untracked.outbound: false`, or filter with iptables',
      causes: ['conntrack.untracked.outbound', 'firewall.filter'],
    },
  ];
}
