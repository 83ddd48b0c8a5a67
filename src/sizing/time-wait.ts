import { powerOfTwo } from '../values/quantities.ts';
import { TIME_WAIT_SECONDS } from './busy-ports.ts';
import { withHeadroom } from './headroom.ts';

/** Bytes of a socket in TIME_WAIT: slab tw_sock_TCP, read on 6.18. */
export const TIME_WAIT_SOCKET_BYTES = 256;

/** The part of memory that such sockets may take. */
export const TIME_WAIT_SHARE = 0.02;

/**
 * Sockets in TIME_WAIT when every closed connection of this host goes through it: new ones per second × 60 s. Source:
 * net/ipv4/tcp_minisocks.c.
 */
export function countTimeWait(connectionsPerSecond: number): number {
  return connectionsPerSecond * TIME_WAIT_SECONDS;
}

/**
 * `tcp_max_tw_buckets`: the count with headroom, up to a power of two, in at most 2 % of memory. Above the limit the
 * kernel ends sockets without TIME_WAIT, and late segments of a connection can end up in the next one.
 * Source: net/ipv4/tcp_minisocks.c, inet_timewait_sock.c.
 */
export function sizeTimeWait(connectionsPerSecond: number, memoryBytes: number): number {
  const fitting = 2 ** Math.floor(Math.log2((memoryBytes * TIME_WAIT_SHARE) / TIME_WAIT_SOCKET_BYTES));
  return Math.min(2 ** 30, fitting, powerOfTwo(withHeadroom(countTimeWait(connectionsPerSecond))));
}
