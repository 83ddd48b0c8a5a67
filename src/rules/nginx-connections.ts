import { serverOf } from '../roles/server.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { formatCount, powerOfTwo } from '../values/quantities.ts';
import { grantedQueue } from './accept-queue.ts';
import type { Rule } from './rule.ts';

export const WORKER_CONNECTIONS = 'worker_connections';

/** Fewer than this nobody has to save. */
const FEWEST = 1024;

/** nginx's queue, and the connections of a worker. */
export const nginxConnections: Rule = {
  id: 'nginx-connections',
  source: 'nginx documentation; docs/how-to/syn-flooding.md',
  propose: (given) => {
    if (serverOf(given.profile) !== 'nginx') return [];
    const queue = grantedQueue(given);
    const open = given.profile.traffic?.concurrentConnections ?? 0;
    return [
      {
        ...queue,
        parameter: 'listen backlog',
        reason: `${queue.reason} The server's default is 511.`,
      },
      {
        parameter: WORKER_CONNECTIONS,
        value: Math.max(FEWEST, powerOfTwo(withHeadroom(2 * open))),
        reason: `${formatCount(open)} open at once, each perhaps with one to a server behind, ${sayWithHeadroom(2 * open)}, as if one worker had them all; a power of two, at least ${formatCount(FEWEST)}.`,
        causes: ['traffic.concurrentConnections'],
      },
    ];
  },
};
