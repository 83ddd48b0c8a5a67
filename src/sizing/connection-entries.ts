import { powerOfTwo } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { withHeadroom } from './headroom.ts';

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
 * trips and count for nothing. Untracked flows have none.
 * Source: nf_conntrack_proto_tcp.c (state table), nf_conntrack_proto_udp.c; measured in bench/sizing.md.
 */
export function countEntries(flows: readonly Flow[], { timeWait, udpStream }: EntryTimeouts): EntryCount {
  const tracked = flows.filter(({ isTracked }) => isTracked);
  const tcp = tracked.filter(({ protocol }) => protocol === 'tcp');
  const udp = tracked.filter(({ protocol }) => protocol === 'udp');
  return {
    open: sum(tcp.map(({ open }) => open)),
    timeWait: sum(tcp.map(({ perSecond }) => perSecond)) * timeWait,
    udp: sum(udp.map(({ perSecond }) => perSecond)) * udpStream,
  };
}

export function totalOf({ open, timeWait, udp }: EntryCount): number {
  return open + timeWait + udp;
}

/** `nf_conntrack_max` for so many entries: with headroom, up to a power of two, and never below the kernel's default. */
export function sizeTable(entries: number, defaultEntries: number): number {
  const needed = withHeadroom(entries);
  return needed > defaultEntries ? powerOfTwo(needed) : defaultEntries;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
