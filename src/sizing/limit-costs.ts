import type { Host } from '../values/host.ts';
import type { Value } from '../values/plan.ts';
import { NEIGHBOUR_BYTES, NEIGHBOUR_SHARE } from './neighbour-table.ts';
import { TIME_WAIT_SHARE, TIME_WAIT_SOCKET_BYTES } from './time-wait.ts';

/** A socket that nobody owns takes up to so many bytes. Source: Documentation/networking/ip-sysctl.rst, tcp_max_orphans. */
const ORPHAN_BYTES = 2 ** 16;

/** Beyond half of memory nothing is left for programs when a limit is used up. */
const MOST_SHARE = 0.5;

/** A limit of the kernel, and what it lets be taken. */
interface Limit {
  /** What fills it. */
  readonly what: string;
  /** Which of the numbers of the value, from 0 on. */
  readonly position: number;
  /** Bytes for each of what the number counts. */
  readonly bytes: (host: Host, connections: number) => number;
  /** The part of memory that all of it may take. */
  readonly share: number;
}

const pages: Limit['bytes'] = ({ architecture }) => architecture.pageBytes;
const neighbours: Limit = { what: 'neighbours', position: 0, bytes: () => NEIGHBOUR_BYTES, share: NEIGHBOUR_SHARE };
const buffers: Limit = {
  what: 'the buffers of all open connections',
  position: 1,
  bytes: (_, connections) => connections,
  share: MOST_SHARE,
};

/** Limits whose use takes memory that cannot be swapped, by the name of the parameter's row. */
const LIMITS: Readonly<Record<string, Limit>> = {
  'net.ipv4.tcp_max_tw_buckets': {
    what: 'sockets in TIME_WAIT',
    position: 0,
    bytes: () => TIME_WAIT_SOCKET_BYTES,
    share: TIME_WAIT_SHARE,
  },
  'net.ipv4.tcp_max_orphans': {
    what: 'orphaned sockets',
    position: 0,
    bytes: () => ORPHAN_BYTES,
    share: MOST_SHARE,
  },
  'net.ipv4.tcp_mem': { what: 'TCP', position: 2, bytes: pages, share: MOST_SHARE },
  'net.ipv4.udp_mem': { what: 'UDP', position: 2, bytes: pages, share: MOST_SHARE },
  'net.ipv4.tcp_rmem': buffers,
  'net.ipv4.tcp_wmem': buffers,
  'net.ipv4.neigh.default.gc_thresh3': neighbours,
  'net.ipv6.neigh.default.gc_thresh3': neighbours,
};

/** What a value of a limit lets be taken. */
export interface LimitCost extends Limit {
  /** The number that counts. */
  readonly count: number;
  readonly memoryBytes: number;
}

/**
 * Bytes that are taken when a limit is used up = its number × bytes of each; undefined for what is no such limit. With
 * `connections` open at once, each has a buffer. Source: the bytes of each, above.
 */
export function costOfLimit(parameter: string, value: Value, host: Host, connections: number): LimitCost | undefined {
  const limit = LIMITS[parameter];
  const count = Number([value].flat()[limit?.position ?? 0]);
  return limit && { ...limit, count, memoryBytes: count * limit.bytes(host, connections) };
}
