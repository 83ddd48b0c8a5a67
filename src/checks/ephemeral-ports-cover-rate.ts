import {
  causesOf,
  explainPorts,
  LOCAL_PORTS,
  listLocalPorts,
  REUSE,
  secondsKept,
  TIMESTAMPS,
} from '../rules/local-ports.ts';
import { RESERVED } from '../rules/reserved-ports.ts';
import { circumstancesOf } from '../rules/rule.ts';
import { busiestOf } from '../sizing/busy-ports.ts';
import { HEADROOM, sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { countPorts, readPorts, subtractPorts } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

/** With fewer, name servers, package mirrors and databases cannot be asked at all on a busy minute. */
const FEWEST = 1024;

export const ephemeralPortsCoverRate: Check = {
  id: 'ephemeral-ports-cover-rate',
  severity: 'error',
  softens: true,
  what: `For each address and port that the host connects to: (new connections per second × seconds that a port stays taken + open connections, or the busiest destination's share of them) × ${HEADROOM} ≤ ports of the range that are not reserved; and at least ${formatCount(FEWEST)} of those. A port stays taken for 60 s, or for 1 s with tcp_tw_reuse and timestamps. A warning where only the headroom is missing.`,
  why: 'A connection needs a port that no other connection to the same place has. When they run out, connect() fails with EADDRNOTAVAIL, and name servers cannot be asked either.',
  fix: 'Keep connections open, spread them over more addresses on either side, or widen net.ipv4.ip_local_port_range.',
  source: 'net/ipv4/inet_hashtables.c; tried: curl with all local ports reserved, in a namespace',
  find: (plan) => {
    const reserved = readPorts(decisionOn(plan, RESERVED)?.value);
    const left = countPorts(subtractPorts([listLocalPorts(circumstancesOf(plan))], reserved));
    return left < FEWEST ? [tooFew(left, plan)] : runOut(left, plan);
  },
};

/** The ports that there are follow from these. */
const DECISIVE = [LOCAL_PORTS, RESERVED, REUSE, TIMESTAMPS];

function blame(plan: Plan): string[] {
  return DECISIVE.flatMap((parameter) => decisionOn(plan, parameter)?.causes ?? []);
}

/** What the profile itself takes away. */
function removable(plan: Plan): string {
  const own = DECISIVE.filter((parameter) => decisionOn(plan, parameter)?.rule === 'override');
  return own.length > 0 ? `leave ${own.join(', ')} to nettune; or ` : '';
}

function tooFew(left: number, plan: Plan): Breach {
  return {
    message: `${formatCount(left)} ports are left for connections that this host opens`,
    remedy: `${removable(plan)}widen ${LOCAL_PORTS}, or serve fewer of its ports`,
    causes: blame(plan),
  };
}

/** What traffic keeps busy, against what there is. */
function runOut(left: number, plan: Plan): Breach[] {
  const outbound = plan.traffic.flows.filter(({ direction }) => direction === 'outbound');
  const seconds = secondsKept(circumstancesOf(plan));
  const busiest = busiestOf(outbound, seconds);
  if (!busiest || withHeadroom(busiest.ports) <= left) return [];
  const { flows, ports } = busiest;
  const needed = ports > left ? '' : `, ${sayWithHeadroom(ports)}`;
  return [
    {
      message: `${explainPorts(flows, seconds, ports)} to one address and port${needed}, but there are ${formatCount(left)}`,
      remedy: `${removable(plan)}keep connections open (persistent connections, a pool), spread them over more addresses on either side, or over more hosts`,
      causes: [...new Set([...causesOf(flows), ...blame(plan)])],
      severity: ports > left ? 'error' : 'warning',
    },
  ];
}
