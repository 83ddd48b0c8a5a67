import { SHORTEST_QUEUE } from '../sizing/accept-queue.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

/** Load balancers and impatient people are gone by then. */
const PATIENCE_SECONDS = 10;

export const queueDrainsBeforeClientGivesUp: Check = {
  id: 'queue-drains-before-client-gives-up',
  severity: 'warning',
  what: `ListenBacklog / new connections per second ≤ ${PATIENCE_SECONDS} s, or ListenBacklog ≤ ${formatCount(SHORTEST_QUEUE)}.`,
  why: 'Whoever waits longer than his patience is gone when he is served: a server with too long a queue works for the dead, and recovers the later for it.',
  fix: 'Leave `apache.listenBacklog` to nettune: one second of arrivals.',
  source: 'queueing: length = rate × waiting time',
  find: (plan) => {
    const backlog = numberFor(plan, 'ListenBacklog');
    const rate = plan.profile.traffic?.connectionsPerSecond;
    if (backlog === undefined || rate === undefined) return [];
    const longest = Math.max(SHORTEST_QUEUE, rate * PATIENCE_SECONDS);
    if (backlog <= longest) return [];
    return [
      {
        message: `a queue of ${formatCount(backlog)} takes ${formatCount(Math.round(backlog / rate))} s to drain at ${formatCount(rate)} connections/s`,
        remedy: `set \`apache.listenBacklog\` to \`${longest}\` or less, or leave it to nettune`,
        causes: [...(decisionOn(plan, 'ListenBacklog')?.causes ?? []), 'traffic.connectionsPerSecond'],
      },
    ];
  },
};
