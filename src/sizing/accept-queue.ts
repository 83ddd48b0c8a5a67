import { powerOfTwo } from '../values/quantities.ts';

export const SHORTEST_QUEUE = 1024;

/** Beyond this the last in the queue have given up before they are served. */
export const LONGEST_QUEUE = 32768;

/**
 * Connections that may wait for a server: one second of arrivals, a power of two, 1,024 to 32,768. The kernel rounds
 * the SYN queue up to a power of two, and a server that stands still for longer than a second has another trouble.
 * Source: net/core/request_sock.c; a burst for which 512 were too few.
 */
export function sizeAcceptQueue(connectionsPerSecond: number): number {
  return Math.min(LONGEST_QUEUE, Math.max(SHORTEST_QUEUE, powerOfTwo(connectionsPerSecond)));
}
