import { causesOf, explainPorts } from '../rules/local-ports.ts';
import { familiesOf } from '../rules/neighbours.ts';
import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { busiestOf, PORTS_PER_ADDRESS } from '../sizing/busy-ports.ts';
import { HEADROOM, sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

/** Each protocol has ports of its own, for as long as an entry stays after the last packet. */
const TIMEOUTS = {
  tcp: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
  udp: 'net.netfilter.nf_conntrack_udp_timeout_stream',
} as const;

export const natPortsCoverRate: Check = {
  id: 'nat-ports-cover-rate',
  severity: 'error',
  softens: true,
  what: `For TCP and for UDP: ${HEADROOM} × the busiest destination's share × (new ones per second × seconds in TIME_WAIT, or as a UDP stream, + connections open) ≤ ${formatCount(PORTS_PER_ADDRESS)} × public addresses. A warning where only the headroom is missing.`,
  why: 'Each connection through a gateway takes one of 64,512 ports of a public address, for as long as its entry stays. When those to one destination are used up, new connections to it are dropped.',
  fix: 'Translate to more addresses (SNAT --to-source a-b) and say so in `gateway.addresses`.',
  source: 'nf_nat_core.c, get_unique_tuple()',
  find: (plan) => [...findFor('tcp', plan), ...findFor('udp', plan)],
};

function findFor(protocol: keyof typeof TIMEOUTS, plan: Plan): Breach[] {
  if (!familiesOf(plan).includes('ipv4')) return [];
  const addresses = plan.profile.gateway?.addresses ?? 1;
  const room = addresses * PORTS_PER_ADDRESS;
  const seconds = numberInForce(TIMEOUTS[protocol], circumstancesOf(plan)) ?? 0;
  const forwarded = plan.traffic.flows.filter((flow) => flow.direction === 'forwarded' && flow.protocol === protocol);
  const busiest = busiestOf(forwarded, seconds);
  if (!busiest || withHeadroom(busiest.ports) <= room) return [];
  const { flows, ports } = busiest;
  const needed = ports > room ? '' : `, ${sayWithHeadroom(ports)}`;
  const owners = `${formatCount(addresses)} public ${addresses === 1 ? 'address has' : 'addresses have'}`;
  return [
    {
      message: `${explainPorts(flows, seconds, ports)} to one address and port${needed}, but ${owners} ${formatCount(room)}`,
      remedy: `translate to ${formatCount(Math.ceil(withHeadroom(ports) / PORTS_PER_ADDRESS))} addresses and say so in \`gateway.addresses\`; measure \`traffic.busiestDestinationShare\` if the busiest destination gets less`,
      causes: [
        ...causesOf(flows),
        'gateway.addresses',
        'traffic.busiestDestinationShare',
        ...(decisionOn(plan, TIMEOUTS[protocol])?.causes ?? []),
      ],
      severity: ports > room ? 'error' : 'warning',
    },
  ];
}
