import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { filterOf, packetTool } from '../rules/packet-tool.ts';
import type { Plan } from '../values/plan.ts';
import { countPorts } from '../values/ports.ts';
import type { Breach, Check } from './check.ts';

/** As many as probe.sh tries. */
const MOST = 1000;

export const untrackedIsAccepted: Check = {
  id: 'untracked-is-accepted',
  severity: 'error',
  what: 'Where no place for accept rules is certain (nftables, firewalld, ufw), served ports are few enough for a probe of each, and no outgoing connection is untracked.',
  why: 'A stateful filter may take untracked packets for neither NEW nor ESTABLISHED, and drop them: the site would be down. What nft, firewalld or ufw drop, no rule of nettune can accept; so a connection to every port is tried first, in a namespace with a copy of the filter.',
  fix: 'Serve fewer ports, leave connections tracked (`conntrack.untracked`), or filter with iptables.',
  source: 'tried: the stock RHEL rule set with NOTRACK on port 80; ufw 0.36.2 and firewalld 1.3.3 of Debian 12',
  find: (plan) =>
    packetTool(plan.profile, plan.host.distribution) === 'iptables' ? [] : [...tooMany(plan), ...outbound(plan)],
};

function tooMany({ profile, servedPorts }: Plan): Breach[] {
  const count = countPorts(servedPorts);
  if (!isServedUntracked(profile) || count <= MOST) return [];
  return [
    {
      message: `${count} ports are served, and a probe has to show for each that the filter accepts it untracked; it tries up to ${MOST}`,
      remedy: 'serve fewer ports, set `conntrack.untracked.served: false`, or filter with iptables',
      causes: ['conntrack.untracked.served', 'firewall.filter', 'traffic.ports'],
    },
  ];
}

/** No probe can answer for a server elsewhere. */
function outbound({ profile }: Plan): Breach[] {
  if (!isAnyOutboundUntracked(profile)) return [];
  return [
    {
      message: `beside ${filterOf(profile)}, nothing shows that the answers to connections which this host opens would be accepted untracked`,
      remedy: 'set `conntrack.untracked.outbound: false`, or filter with iptables',
      causes: ['conntrack.untracked.outbound', 'firewall.filter'],
    },
  ];
}
