import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { LONGEST_QUEUE } from '../sizing/accept-queue.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const LIMIT = 'net.core.somaxconn';

export const acceptQueueHoldsBurst: Check = {
  id: 'accept-queue-holds-burst',
  severity: 'warning',
  what: `The accept queue (ListenBacklog, and net.core.somaxconn) ≥ one second of new connections, ${formatCount(LONGEST_QUEUE)} at most.`,
  why: 'A server that pauses for a moment, to collect garbage or to write its log, loses the connections for which the queue has no room; the kernel says `possible SYN flooding`.',
  fix: 'Leave both to nettune, which sizes them from `traffic.connectionsPerSecond`.',
  source: 'docs/how-to/syn-flooding.md',
  find: (plan) => {
    const rate = plan.profile.traffic?.connectionsPerSecond ?? 0;
    const limit = numberInForce(LIMIT, circumstancesOf(plan));
    const backlog = numberFor(plan, 'ListenBacklog') ?? limit;
    if (plan.role === 'nat-gateway' || limit === undefined || backlog === undefined) return [];
    const queue = Math.min(limit, backlog);
    if (queue >= Math.min(rate, LONGEST_QUEUE)) return [];
    const shorter = limit <= backlog ? LIMIT : 'ListenBacklog';
    return [
      {
        message: `an accept queue of ${formatCount(queue)} is full after ${formatCount(Math.round((queue / rate) * 1000))} ms at ${formatCount(rate)} connections/s`,
        remedy: `leave ${shorter} to nettune`,
        causes: [
          ...(decisionOn(plan, LIMIT)?.causes ?? []),
          ...(decisionOn(plan, 'ListenBacklog')?.causes ?? []),
          'traffic.connectionsPerSecond',
        ],
      },
    ];
  },
};
