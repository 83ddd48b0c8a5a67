import { explainPorts, LOCAL_PORTS, listLocalPorts, REUSE, secondsAfter } from '../rules/outgoing-connections.ts';
import { RESERVED } from '../rules/reserved-ports.ts';
import { busiestOf } from '../sizing/busy-ports.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { countPorts, readPorts, subtractPorts } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

/** With fewer, name servers, package mirrors and databases cannot be asked at all on a busy minute. */
const FEWEST = 1024;

export const ephemeralPortsCoverRate: Check = {
  id: 'ephemeral-ports-cover-rate',
  severity: 'error',
  what: 'For each destination: new connections per second × seconds that a port stays taken (60, or 1 with tcp_tw_reuse) + open connections ≤ ports of the range that are not reserved; and at least 1,024 of those.',
  why: 'A connection needs a port that no other connection to the same place has. When they run out, connect() fails with EADDRNOTAVAIL, and name servers cannot be asked either.',
  fix: 'Keep connections open, spread them over more addresses on either side, or widen net.ipv4.ip_local_port_range.',
  source: 'net/ipv4/inet_hashtables.c; tried: curl with all local ports reserved, in a namespace',
  find: (plan) => {
    const decided = (parameter: string) => decisionOn(plan, parameter);
    const reserved = readPorts(decided(RESERVED)?.value);
    const left = countPorts(subtractPorts([listLocalPorts({ ...plan, decided })], reserved));
    const causes = [
      ...(decided(LOCAL_PORTS)?.causes ?? []),
      ...(reserved.length > 0 ? (decided(RESERVED)?.causes ?? []) : []),
    ];
    return left < FEWEST ? [tooFew(left, causes)] : runOut(plan, left, causes);
  },
};

function tooFew(left: number, causes: readonly string[]): Breach {
  return {
    message: `${formatCount(left)} ports are left for connections that this host opens`,
    remedy: `serve fewer of the ports of ${LOCAL_PORTS}, or widen that`,
    causes,
  };
}

/** What traffic keeps busy, against what there is. */
function runOut(plan: Plan, left: number, causes: readonly string[]): Breach[] {
  const outbound = plan.traffic.flows.filter(({ direction }) => direction === 'outbound');
  const seconds = secondsAfter(numberFor(plan, REUSE));
  const busiest = busiestOf(outbound, seconds);
  if (!busiest || busiest.ports <= left) return [];
  const { flow, ports } = busiest;
  return [
    {
      message: `${explainPorts(flow, seconds, ports)} to one address and port, but there are ${formatCount(left)}`,
      remedy:
        'keep connections open (persistent connections, a pool), spread them over more addresses on either side, or over more hosts',
      causes: [...new Set([flow.causes.perSecond, flow.causes.open, ...causes])],
    },
  ];
}
