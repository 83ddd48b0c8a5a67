import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const ACCEPT = 'net.core.somaxconn';
const SYN = 'net.ipv4.tcp_max_syn_backlog';

export const synQueueMatchesAcceptQueue: Check = {
  id: 'syn-queue-matches-accept-queue',
  severity: 'warning',
  what: 'net.ipv4.tcp_max_syn_backlog ≥ net.core.somaxconn, where it counts: up to 4.3, and later while net.ipv4.tcp_syncookies is 0.',
  why: 'Every connection is half-open before it waits to be accepted. Where fewer may be half-open than may wait, a burst loses its SYNs before the longer queue is full.',
  fix: 'Set both to the same value, or leave both to nettune.',
  source: 'net/core/request_sock.c until 4.3; net/ipv4/tcp_input.c from 4.4; docs/how-to/syn-flooding.md',
  find: (plan) => {
    const accept = numberFor(plan, ACCEPT);
    const syn = numberFor(plan, SYN);
    if (accept === undefined || syn === undefined || syn >= accept || !counts(plan)) return [];
    return [
      {
        message: `${SYN} lets ${formatCount(syn)} connections be half-open, but ${formatCount(accept)} may wait to be accepted`,
        remedy: `set ${SYN} to \`${accept}\`, or leave both to nettune`,
        causes: [...new Set([...(decisionOn(plan, SYN)?.causes ?? []), ...(decisionOn(plan, ACCEPT)?.causes ?? [])])],
      },
    ];
  },
};

/** From 4.4 on the accept queue bounds half-open connections, unless SYN cookies are off. */
function counts(plan: Plan): boolean {
  return (
    isWithin(plan.host.kernel, { until: '4.4' }) ||
    numberInForce('net.ipv4.tcp_syncookies', circumstancesOf(plan)) === 0
  );
}
