import { queueOf } from '../rules/accept-queue.ts';
import { SQUID_DESCRIPTORS } from '../rules/descriptors.ts';
import { MAXCONN } from '../rules/haproxy-connections.ts';
import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const LIMIT = 'net.core.somaxconn';

export const acceptQueueNotTruncated: Check = {
  id: 'accept-queue-not-truncated',
  severity: 'error',
  what: 'The queue that the server needs (of Apache and nginx their backlog, of the others one second of new connections) ≤ net.core.somaxconn.',
  why: 'The kernel cuts a listen backlog to net.core.somaxconn in silence, and drops connections that the server believes it has room for.',
  fix: 'Raise net.core.somaxconn together with the backlog, or leave both to nettune, which sizes them from `traffic.connectionsPerSecond`.',
  source: 'net/socket.c; docs/how-to/syn-flooding.md',
  find: (plan) => {
    const wanted = wantedQueue(plan);
    const limit = numberInForce(LIMIT, circumstancesOf(plan));
    if (wanted === undefined || limit === undefined || wanted.length <= limit) return [];
    return [
      {
        message: `${wanted.what} ${formatCount(wanted.length)} would be cut to ${LIMIT}, which is ${formatCount(limit)}`,
        remedy: `raise ${LIMIT} to \`${wanted.length}\`, or leave one of the two to nettune`,
        causes: [...(decisionOn(plan, LIMIT)?.causes ?? []), ...wanted.causes],
      },
    ];
  },
};

/** Apache and nginx are given a backlog; Squid asks for a quarter of its descriptors and HAProxy for all of its connections, which may be far more than they need. */
function wantedQueue(plan: Plan): { what: string; length: number; causes: readonly string[] } | undefined {
  const backlog = decisionOn(plan, 'ListenBacklog') ?? decisionOn(plan, 'listen backlog');
  if (typeof backlog?.value === 'number')
    return { what: backlog.spelling, length: backlog.value, causes: backlog.causes };
  if (!decisionOn(plan, SQUID_DESCRIPTORS) && !decisionOn(plan, MAXCONN)) return undefined;
  const { value, causes } = queueOf(plan);
  return { what: "the server's accept queue of", length: value, causes };
}
