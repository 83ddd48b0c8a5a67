import { decisionOn, numberFor } from '../values/decided.ts';
import { isWithin } from '../values/kernel-version.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const ACCEPT = 'net.core.somaxconn';
const SYN = 'net.ipv4.tcp_max_syn_backlog';

export const synQueueMatchesAcceptQueue: Check = {
  id: 'syn-queue-matches-accept-queue',
  severity: 'warning',
  what: 'net.ipv4.tcp_max_syn_backlog ≥ net.core.somaxconn.',
  why: 'Every connection is half-open before it waits to be accepted. Where the SYN queue is the shorter of the two, the longer one is never filled.',
  fix: 'Set both to the same value, or leave both to nettune.',
  source: 'net/core/request_sock.c until 4.3; net/ipv4/tcp_input.c from 4.4; incident 002',
  find: (plan) => {
    const accept = numberFor(plan, ACCEPT);
    const syn = numberFor(plan, SYN);
    if (accept === undefined || syn === undefined || syn >= accept) return [];
    const when = isWithin(plan.host.kernel, { since: '4.4' }) ? ' while SYN cookies are off' : '';
    return [
      {
        message: `${SYN} ${formatCount(syn)} lets no more connections be half-open${when}, but ${formatCount(accept)} may wait to be accepted`,
        remedy: `set both to the same value, or leave both to nettune`,
        causes: [...new Set([...(decisionOn(plan, SYN)?.causes ?? []), ...(decisionOn(plan, ACCEPT)?.causes ?? [])])],
      },
    ];
  },
};
