import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { busiestOf, chooseRange, PORT_RANGES, REUSE_SECONDS, TIME_WAIT_SECONDS } from '../sizing/busy-ports.ts';
import { HEADROOM, withHeadroom } from '../sizing/headroom.ts';
import { countPorts, type PortRange } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { type Circumstances, numberOf, type Proposal, type Rule } from './rule.ts';

const [DEFAULT_RANGE, WIDE_RANGE] = PORT_RANGES as readonly [PortRange, PortRange, PortRange];

export const LOCAL_PORTS = 'net.ipv4.ip_local_port_range';
export const REUSE = 'net.ipv4.tcp_tw_reuse';
const TIMESTAMPS = 'net.ipv4.tcp_timestamps';

/** Connections that a host opens itself need ports, and must not drown in finished ones. */
export const outgoingConnections: Rule = {
  id: 'outgoing-connections',
  source: 'net/ipv4/inet_hashtables.c, tcp_ipv4.c; incident 001',
  propose: (given) => {
    const { opensForEach } = given.role;
    const flows = given.traffic.flows.filter(({ direction }) => direction === 'outbound');
    if (flows.length === 0 && !opensForEach) return [];
    const reuse = proposeReuse(flows, opensForEach);
    const decided = numberOf(given.decided(REUSE)) ?? numberOf(reuse.find(({ parameter }) => parameter === REUSE));
    const opensNone = flows.length === 0 && given.traffic.flows.length > 0;
    return [
      ...reuse,
      ...(opensForEach ? [SHORTER_FIN_WAIT] : []),
      ...(opensNone ? [] : proposeRange(flows, secondsAfter(decided))),
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

/** Seconds for which a closed connection keeps its port from others to the same place, by the value of tcp_tw_reuse. */
export function secondsAfter(reuse: number | undefined): number {
  return reuse === 1 ? REUSE_SECONDS : TIME_WAIT_SECONDS;
}

/** A proxy always takes ports over; other hosts where finished connections would use up the kernel's range. */
function proposeReuse(flows: readonly Flow[], opensForEach: boolean): Proposal[] {
  const busiest = busiestOf(flows, TIME_WAIT_SECONDS);
  const isNeeded = busiest !== undefined && withHeadroom(busiest.ports) > countPorts([DEFAULT_RANGE]);
  if (!opensForEach && !isNeeded) return [];
  const causes = isNeeded ? [busiest.flow.causes.perSecond] : ['role'];
  const without = isNeeded ? ` Without it: ${explainPorts(busiest.flow, TIME_WAIT_SECONDS, busiest.ports)}.` : '';
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

/** The kernel's range stays where it suffices. */
function proposeRange(flows: readonly Flow[], seconds: number): Proposal[] {
  const busiest = busiestOf(flows, seconds);
  const range = busiest ? chooseRange(withHeadroom(busiest.ports)) : WIDE_RANGE;
  if (range === DEFAULT_RANGE) return [];
  const ports = countPorts([range]);
  const size = `${formatCount(ports)} ports to each address and port instead of ${formatCount(countPorts([DEFAULT_RANGE]))}`;
  const value = [range.first, range.last];
  if (!busiest)
    return [
      {
        parameter: LOCAL_PORTS,
        value,
        reason: `No traffic figures: ${size}, and still above the ports that programs usually listen on.`,
        causes: ['role'],
        price: { ports },
      },
    ];
  const { flow } = busiest;
  return [
    {
      parameter: LOCAL_PORTS,
      value,
      reason: `${explainPorts(flow, seconds, busiest.ports)}; with headroom ${HEADROOM} that takes ${size}.`,
      causes: [flow.causes.perSecond, flow.causes.open],
      price: { ports },
    },
  ];
}

/** `20 %`, `0.4 %` */
function formatShare(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** `20 % of (500 connections/s to origin servers × 1 s + 10,000 open) = 2,100 ports` */
export function explainPorts({ perSecond, open, unit, busiestShare }: Flow, seconds: number, ports: number): string {
  const share = busiestShare === 1 ? '' : `${formatShare(busiestShare)} of `;
  return `${share}(${formatCount(perSecond)} ${unit} × ${seconds} s + ${formatCount(open)} open) = ${formatCount(ports)} ports`;
}

/** The ports that connections of this host start from. */
export function listLocalPorts({ decided, host }: Pick<Circumstances, 'decided' | 'host'>): PortRange {
  const row = findParameter(LOCAL_PORTS);
  const range = decided(LOCAL_PORTS)?.value ?? (row && defaultValue(row, host));
  const [first, last] = Array.isArray(range) ? range : [];
  return first === undefined || last === undefined ? DEFAULT_RANGE : { first, last };
}
