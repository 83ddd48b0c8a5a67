import type { PortRange } from '../values/ports.ts';
import type { Flow } from '../values/traffic.ts';

/** Seconds that a socket stays in TIME_WAIT on Linux, and keeps its port: TCP_TIMEWAIT_LEN, no sysctl changes it. */
export const TIME_WAIT_SECONDS = 60;

/** With `tcp_tw_reuse` another connection to the same place may have the port after a second, by its timestamps. */
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

/**
 * Ports from 1024 to 65535: what a gateway may choose from for a client's port above 1023, on each address of its own.
 */
export const PORTS_PER_ADDRESS = 64512;

/**
 * Ports that connections keep busy: to one address and port each takes another one, while it is open and for some
 * seconds after. Ports = the busiest destination's share × (new ones per second × seconds + open ones). For connections
 * of this host the seconds are those of the socket; through a gateway, those of the entry.
 * Source: __inet_hash_connect(), tcp_twsk_unique(); get_unique_tuple(), which tries a few hundred ports at random and
 * then drops the packet, so that the last free ones are not found.
 */
export function countBusyPorts(flow: Pick<Flow, 'perSecond' | 'open' | 'busiestShare'>, seconds: number): number {
  return Math.ceil(Number((flow.busiestShare * (flow.perSecond * seconds + flow.open)).toFixed(3))); // 0.55 × 100,000 is 55,000
}

/**
 * The narrowest range in which last − first + 1 is at least so many ports, or the widest there is.
 * Source: __inet_hash_connect(), which tries every port from the first to the last.
 */
export function chooseRange(ports: number): PortRange {
  const widest = PORT_RANGES.at(-1) as PortRange;
  return PORT_RANGES.find(({ first, last }) => last - first + 1 >= ports) ?? widest;
}

/** Ports that flows to one place keep busy. */
export interface BusyPorts {
  readonly flows: readonly Flow[];
  readonly ports: number;
}

/**
 * The place that keeps most ports busy = the sum over its flows: those to the same address and port share its ports.
 * Source: as above.
 */
export function busiestOf(flows: readonly Flow[], seconds: number): BusyPorts | undefined {
  const places = new Set(flows.map((flow) => flow.destination ?? flow));
  const counted = [...places].map((place) => {
    const together = flows.filter((flow) => (flow.destination ?? flow) === place);
    return { flows: together, ports: together.reduce((total, flow) => total + countBusyPorts(flow, seconds), 0) };
  });
  return counted.sort((a, b) => b.ports - a.ports)[0];
}
