import { powerOfTwo } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { PORTS_PER_ADDRESS } from './busy-ports.ts';
import { withHeadroom } from './headroom.ts';

/** The largest power of two in an int. */
const MOST_ENTRIES = 2 ** 30;

/** Seconds that an entry stays without a packet. */
export interface EntryTimeouts {
  /** After both sides have closed a TCP connection. */
  readonly timeWait: number;
  /** After the last packet of a UDP dialogue. */
  readonly udpStream: number;
}

/** Entries by what keeps them in the table. */
export interface EntryCount {
  readonly open: number;
  readonly timeWait: number;
  readonly udp: number;
}

/**
 * Entries that flows keep in the connection table, for each state: new ones per second × seconds in that state. An open
 * connection has one entry, and so has a closed one for as long as TIME_WAIT lasts; the states between last for round
 * trips and count for nothing. Untracked flows have none; one to a single address and port has no more than there are
 * ports.
 * Source: nf_conntrack_proto_tcp.c (state table), nf_conntrack_proto_udp.c; measured in bench/sizing.md.
 */
export function countEntries(flows: readonly Flow[], { timeWait, udpStream }: EntryTimeouts): EntryCount {
  const tracked = flows.filter(({ isTracked }) => isTracked);
  const tcp = tracked.filter(({ protocol }) => protocol === 'tcp');
  const udp = tracked.filter(({ protocol }) => protocol === 'udp');
  const closed = (flow: Flow) => Math.min(flow.perSecond * timeWait, mostOf(flow) - Math.min(flow.open, mostOf(flow)));
  return {
    open: sum(tcp.map((flow) => Math.min(flow.open, mostOf(flow)))),
    timeWait: sum(tcp.map(closed)),
    udp: sum(udp.map(({ perSecond }) => perSecond)) * udpStream,
  };
}

/** Entries that there can be: to one address and port no more than there are ports to start from. */
export function mostOf({ destination }: Flow): number {
  return destination === undefined ? Number.POSITIVE_INFINITY : PORTS_PER_ADDRESS;
}

/** All of them. */
export function totalOf({ open, timeWait, udp }: EntryCount): number {
  return open + timeWait + udp;
}

/**
 * `nf_conntrack_max` = entries with headroom, up to a power of two; the kernel's default where that suffices. 2^30 at
 * most.
 * Source: nf_conntrack_core.c, where it is an int that __nf_conntrack_alloc() compares with the entries there are.
 */
export function sizeTable(entries: number, defaultEntries: number): number {
  const needed = withHeadroom(entries);
  return needed > defaultEntries ? Math.min(MOST_ENTRIES, powerOfTwo(needed)) : defaultEntries;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
