import { powerOfTwo } from '../values/quantities.ts';
import { withHeadroom } from './headroom.ts';

/** Logs, listeners, pipes to helpers, name servers, the cache. */
export const BESIDES_CONNECTIONS = 512;

/** The largest power of two in an int. */
const MOST = 2 ** 30;

/** Squid asks for an accept queue of a quarter of its descriptors: TcpAcceptor.cc, Squid_MaxFD >> 2. */
export const DESCRIPTORS_PER_QUEUE_PLACE = 4;

/** What Debian's apachectl sets; a server with many sites and their logs has nothing to gain from less. */
export const LEAST_FOR_SERVER = 8192;

/** AsyncRequestWorkerFactor's default: connections that the event MPM keeps besides, for each thread. */
export const IDLE_PER_WORKER = 2;

/**
 * `max_filedescriptors` = the larger of what connections take and 4 × places in the accept queue, up to a power of two,
 * 2^30 at most. Source: squid.conf.documented; TcpAcceptor.cc.
 */
export function sizeSquidDescriptors(openConnections: number, acceptQueue: number): number {
  const needed = Math.max(countSquidDescriptors(openConnections), acceptQueue * DESCRIPTORS_PER_QUEUE_PLACE);
  return Math.min(MOST, powerOfTwo(needed));
}

/**
 * Descriptors of Squid = open connections, on both sides, with headroom + 512 besides. Source: squid.conf.documented,
 * max_filedescriptors.
 */
export function countSquidDescriptors(openConnections: number): number {
  return withHeadroom(openConnections) + BESIDES_CONNECTIONS;
}

/**
 * Descriptors of one httpd process = threads × (a connection + those that idle beside it + a file or backend) + 512
 * besides.
 * Source: httpd 2.4 manual, event.
 */
export function countApacheDescriptors(threads: number, idlePerThread: number): number {
  return threads * (1 + idlePerThread + 1) + BESIDES_CONNECTIONS;
}

/**
 * `LimitNOFILE` for httpd = what a process needs, up to a power of two, at least 8,192. Source: apache2ctl of Debian
 * 12, ulimit -n.
 */
export function sizeApacheDescriptors(threads: number, idlePerThread: number): number {
  return Math.max(LEAST_FOR_SERVER, powerOfTwo(countApacheDescriptors(threads, idlePerThread)));
}

/** One to the client, and one to the server behind. */
export const DESCRIPTORS_PER_PROXIED = 2;

/**
 * `LimitNOFILE` for a server = its connections + 512 besides, up to a power of two, at least 8,192, 2^30 at most.
 * Source: nginx documentation, worker_rlimit_nofile; configuration.txt of HAProxy 2.6, ulimit-n.
 */
export function sizeServerDescriptors(connections: number): number {
  return Math.min(MOST, Math.max(LEAST_FOR_SERVER, powerOfTwo(connections + BESIDES_CONNECTIONS)));
}
