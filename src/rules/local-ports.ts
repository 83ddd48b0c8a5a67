import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { PORT_RANGES, REUSE_SECONDS, TIME_WAIT_SECONDS } from '../sizing/busy-ports.ts';
import type { PortRange } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { type Circumstances, numberInForce } from './rule.ts';

export const LOCAL_PORTS = 'net.ipv4.ip_local_port_range';
export const REUSE = 'net.ipv4.tcp_tw_reuse';
export const TIMESTAMPS = 'net.ipv4.tcp_timestamps';

export const [DEFAULT_RANGE, WIDE_RANGE] = PORT_RANGES as readonly [PortRange, PortRange, PortRange];

/** The ports that connections of this host start from. */
export function listLocalPorts({ decided, host }: Pick<Circumstances, 'decided' | 'host'>): PortRange {
  const row = findParameter(LOCAL_PORTS);
  const range = decided(LOCAL_PORTS)?.value ?? (row && defaultValue(row, host));
  const [first, last] = Array.isArray(range) ? range : [];
  return first === undefined || last === undefined ? DEFAULT_RANGE : { first, last };
}

/** Seconds for which a closed connection keeps its port from others to the same place: one, where both parameters allow it. */
export function secondsKept(given: Pick<Circumstances, 'decided' | 'host'>): number {
  const isReused = numberInForce(REUSE, given) === 1 && numberInForce(TIMESTAMPS, given) !== 0;
  return isReused ? REUSE_SECONDS : TIME_WAIT_SECONDS;
}

/** `20 % of (500 connections/s to origin servers × 1 s + 10,000 open) = 2,100 ports` */
export function explainPorts(flows: readonly Flow[], seconds: number, ports: number): string {
  return `${flows.map((flow) => explainFlow(flow, seconds)).join(' + ')} = ${formatCount(ports)} ports`;
}

function explainFlow({ perSecond, open, unit, busiestShare }: Flow, seconds: number): string {
  const share = busiestShare === 1 ? '' : `${formatShare(busiestShare)} of `;
  return `${share}(${formatCount(perSecond)} ${unit} × ${seconds} s + ${formatCount(open)} open)`;
}

/** `20 %`, `0.4 %` */
function formatShare(share: number): string {
  return `${Math.round(share * 10000) / 100} %`;
}

/** The key paths of all figures of these flows, and of what has such flows. */
export function causesOf(flows: readonly Flow[]): string[] {
  return [
    ...new Set(
      flows.flatMap(({ causes: { perSecond, open, share, role }, ...flow }) => [
        ...(flow.perSecond > 0 ? [perSecond] : []),
        ...(flow.open > 0 ? [open] : []),
        ...(share ? [share] : []),
        ...(role ? [role] : []),
      ]),
    ),
  ];
}
