import { explainPorts } from '../rules/outgoing-connections.ts';
import { busiestOf, PORTS_PER_ADDRESS } from '../sizing/busy-ports.ts';
import { HEADROOM, withHeadroom } from '../sizing/headroom.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const TIME_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait';

export const natPortsCoverRate: Check = {
  id: 'nat-ports-cover-rate',
  severity: 'error',
  what: "1.5 × busiest destination's share × (new connections per second × seconds in TIME_WAIT + connections open) ≤ 64,512 × public addresses.",
  why: 'Each connection through a gateway takes one of 64,512 ports of a public address, for as long as its entry stays. When those to one destination are used up, new connections to it are dropped.',
  fix: 'Translate to more addresses (SNAT --to-source a-b) and say so in `gateway.addresses`.',
  source: 'nf_nat_core.c, get_unique_tuple()',
  find: (plan) => {
    const addresses = plan.profile.gateway?.addresses ?? 1;
    const room = addresses * PORTS_PER_ADDRESS;
    const seconds = numberFor(plan, TIME_WAIT) ?? 0;
    const forwarded = plan.traffic.flows.filter((flow) => flow.direction === 'forwarded' && flow.protocol === 'tcp');
    const busiest = busiestOf(forwarded, seconds);
    if (!busiest || withHeadroom(busiest.ports) <= room) return [];
    const { flow, ports } = busiest;
    return [
      {
        message: `${explainPorts(flow, seconds, ports)} to one address and port${ports > room ? '' : `, ${formatCount(withHeadroom(ports))} with headroom ${HEADROOM}`}, but ${formatCount(addresses)} public ${addresses === 1 ? 'address has' : 'addresses have'} ${formatCount(room)}`,
        remedy:
          'translate to more addresses and say so in `gateway.addresses`; measure `traffic.busiestDestinationShare` if the busiest destination gets less',
        causes: [
          flow.causes.perSecond,
          flow.causes.open,
          'gateway.addresses',
          'traffic.busiestDestinationShare',
          ...(decisionOn(plan, TIME_WAIT)?.causes ?? []),
        ],
        severity: ports > room ? 'error' : 'warning',
      },
    ];
  },
};
