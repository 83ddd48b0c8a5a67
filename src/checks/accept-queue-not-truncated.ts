import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const acceptQueueNotTruncated: Check = {
  id: 'accept-queue-not-truncated',
  severity: 'error',
  what: 'ListenBacklog ≤ net.core.somaxconn.',
  why: 'The kernel cuts a listen backlog to net.core.somaxconn in silence, and drops connections that the server believes it has room for.',
  fix: 'Raise net.core.somaxconn together with the backlog, or leave both to nettune, which sizes them from `traffic.connectionsPerSecond`.',
  source: 'net/socket.c; incident 002',
  find: (plan) => {
    const backlog = numberFor(plan, 'ListenBacklog');
    const limit = numberFor(plan, 'net.core.somaxconn');
    if (backlog === undefined || limit === undefined || backlog <= limit) return [];
    return [
      {
        message: `ListenBacklog ${formatCount(backlog)} would be cut to net.core.somaxconn, which is ${formatCount(limit)}`,
        remedy: `raise net.core.somaxconn to ${backlog}, or leave one of the two to nettune`,
        causes: [
          ...(decisionOn(plan, 'net.core.somaxconn')?.causes ?? []),
          ...(decisionOn(plan, 'ListenBacklog')?.causes ?? []),
        ],
      },
    ];
  },
};
