import { serverOf } from '../roles/server.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { formatCount, powerOfTwo } from '../values/quantities.ts';
import { queueOf } from './accept-queue.ts';
import type { Rule } from './rule.ts';

export const MAXCONN = 'maxconn';

/** HAProxy's connections, and with them its queue. */
export const haproxyConnections: Rule = {
  id: 'haproxy-connections',
  source: 'configuration.txt of HAProxy 2.6; docs/how-to/syn-flooding.md',
  propose: (given) => {
    if (serverOf(given.profile) !== 'haproxy') return [];
    const queue = queueOf(given);
    const open = given.profile.traffic?.concurrentConnections ?? 0;
    return [
      {
        parameter: MAXCONN,
        value: Math.max(queue.value, powerOfTwo(withHeadroom(open))),
        reason: `${formatCount(open)} open at once, ${sayWithHeadroom(open)}, up to a power of two; and no fewer than the ${formatCount(queue.value)} places of the queue, since a frontend asks for one of this length.`,
        causes: ['traffic.concurrentConnections', ...queue.causes],
      },
    ];
  },
};
