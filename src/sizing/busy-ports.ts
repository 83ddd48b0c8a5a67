import type { PortRange } from '../values/ports.ts';
import type { Flow } from '../values/traffic.ts';

/** Seconds that a socket stays in TIME_WAIT on Linux, and keeps its port: TCP_TIMEWAIT_LEN, no sysctl changes it. */
export const TIME_WAIT_SECONDS = 60;

/** With `tcp_tw_reuse` another connection to the same place may have the port after a second, when timestamps tell them apart. */
export const REUSE_SECONDS = 1;

/**
 * Ranges to choose from, the narrowest first: the kernel's; above the ports that most programs listen on; all that need
 * no privilege.
 */
export const PORT_RANGES: readonly PortRange[] = [
  { first: 32768, last: 60999 },
  { first: 16384, last: 65535 },
  { first: 1024, last: 65535 },
];

/** Ports from 1024 to 65535: what a gateway may choose from for a client's port above 1023, on each address of its own. */
export const PORTS_PER_ADDRESS = 64512;

/**
 * Ports that connections keep busy: to one address and port each takes another one, while it is open and for some seconds
 * after. Ports = the busiest destination's share × (new ones per second × seconds + open ones).
 * For connections of this host the seconds are those of the socket; through a gateway, those of the entry.
 * Source: __inet_hash_connect(), tcp_twsk_unique(); get_unique_tuple(), which gives up before the last port is taken.
 */
export function countBusyPorts(flow: Pick<Flow, 'perSecond' | 'open' | 'busiestShare'>, seconds: number): number {
  return Math.ceil(flow.busiestShare * (flow.perSecond * seconds + flow.open));
}

/** The narrowest range with so many ports, or the widest there is. */
export function chooseRange(ports: number): PortRange {
  const widest = PORT_RANGES.at(-1) as PortRange;
  return PORT_RANGES.find(({ first, last }) => last - first + 1 >= ports) ?? widest;
}

/** Ports that a flow keeps busy to one place. */
export interface BusyPorts {
  readonly flow: Flow;
  readonly ports: number;
}

/** The flow that keeps most ports busy. */
export function busiestOf(flows: readonly Flow[], seconds: number): BusyPorts | undefined {
  const counted = flows.map((flow) => ({ flow, ports: countBusyPorts(flow, seconds) }));
  return counted.sort((a, b) => b.ports - a.ports)[0];
}
