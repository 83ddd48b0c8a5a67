import { busiestOf, chooseRange, TIME_WAIT_SECONDS } from '../sizing/busy-ports.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { countPorts } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import {
  causesOf,
  DEFAULT_RANGE,
  explainPorts,
  LOCAL_PORTS,
  REUSE,
  secondsKept,
  TIMESTAMPS,
  WIDE_RANGE,
} from './local-ports.ts';
import type { Circumstances, Proposal, Rule } from './rule.ts';

/** Connections that a host opens itself need ports, and must not drown in finished ones. */
export const outgoingConnections: Rule = {
  id: 'outgoing-connections',
  source: 'net/ipv4/inet_hashtables.c, tcp_ipv4.c; docs/how-to/time-wait.md',
  propose: (given) => {
    const { opensForEach } = given.role;
    const flows = given.traffic.flows.filter(({ direction }) => direction === 'outbound');
    if (flows.length === 0 && !opensForEach) return [];
    const reuse = proposeReuse(flows, opensForEach);
    const opensNone = flows.length === 0 && given.traffic.flows.length > 0;
    return [
      ...reuse,
      ...(opensForEach ? [SHORTER_FIN_WAIT] : []),
      ...(opensNone ? [] : proposeRange(flows, together(given, reuse))),
    ];
  },
};

const SHORTER_FIN_WAIT: Proposal = {
  parameter: 'net.ipv4.tcp_fin_timeout',
  value: 30,
  reason:
    'Connections that Squid has closed and the peer has not are given up after half the time. This is not TIME_WAIT, which stays at 60 s.',
  causes: ['role'],
};

/** What is decided, and what is about to be. */
function together({ host, decided }: Circumstances, proposals: readonly Proposal[]) {
  return {
    host,
    decided: (parameter: string) => decided(parameter) ?? proposals.find((each) => each.parameter === parameter),
  };
}

/** A proxy always takes ports over; other hosts where finished connections would use up the kernel's range. */
function proposeReuse(flows: readonly Flow[], opensForEach: boolean): Proposal[] {
  const busiest = busiestOf(flows, TIME_WAIT_SECONDS);
  const isNeeded = busiest !== undefined && withHeadroom(busiest.ports) > countPorts([DEFAULT_RANGE]);
  if (!opensForEach && !isNeeded) return [];
  const needing = isNeeded ? causesOf(busiest.flows.filter(({ causes: { role } }) => role === undefined)) : [];
  const causes = [...needing, ...(opensForEach ? ['role'] : [])];
  const without = isNeeded ? ` Without it: ${explainPorts(busiest.flows, TIME_WAIT_SECONDS, busiest.ports)}.` : '';
  return [
    { parameter: TIMESTAMPS, value: 1, reason: 'tcp_tw_reuse does nothing without timestamps.', causes },
    {
      parameter: REUSE,
      value: 1,
      reason: `A new connection may take over a port in TIME_WAIT after one second, instead of waiting for ${TIME_WAIT_SECONDS}.${without}`,
      causes,
    },
  ];
}

/** What the seconds follow from for which a port is kept: timestamps count only where ports are taken over. */
function causesOfSeconds(given: Pick<Circumstances, 'decided'>): readonly string[] {
  const reuse = given.decided(REUSE);
  const timestamps = reuse?.value === 1 ? given.decided(TIMESTAMPS) : undefined;
  return [reuse, timestamps].flatMap((decided) => decided?.causes ?? []);
}

/** The kernel's range stays where it suffices. */
function proposeRange(flows: readonly Flow[], given: Pick<Circumstances, 'decided' | 'host'>): Proposal[] {
  const seconds = secondsKept(given);
  const busiest = busiestOf(flows, seconds);
  const range = busiest ? chooseRange(withHeadroom(busiest.ports)) : WIDE_RANGE;
  if (range === DEFAULT_RANGE) return [];
  const ports = countPorts([range]);
  const size = `${formatCount(ports)} ports to each address and port instead of ${formatCount(countPorts([DEFAULT_RANGE]))}`;
  const reason = busiest
    ? `${explainPorts(busiest.flows, seconds, busiest.ports)}, ${sayWithHeadroom(busiest.ports)}. That takes ${size}.`
    : `No traffic figures: ${size}, and still above the ports that programs usually listen on.`;
  const causes = busiest ? [...new Set([...causesOf(busiest.flows), ...causesOfSeconds(given)])] : ['role'];
  return [{ parameter: LOCAL_PORTS, value: [range.first, range.last], reason, causes, price: { ports } }];
}
