import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_abort_on_overflow';

export const fullQueueKeepsClients: Check = {
  id: 'full-queue-keeps-clients',
  severity: 'warning',
  what: 'net.ipv4.tcp_abort_on_overflow is 0.',
  why: 'When the accept queue is full for a moment, the client tries again and gets through. With tcp_abort_on_overflow it is told that the connection failed.',
  fix: 'Remove the override; a longer queue or more workers end the overflow.',
  source: 'net/ipv4/tcp_minisocks.c, tcp_check_req(); tried in a namespace',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    if (decision?.value !== 1) return [];
    return [
      {
        message: `${NAME} 1 resets clients whenever the accept queue is full`,
        remedy: 'remove it, unless a load balancer in front takes the reset and asks another server',
        causes: decision.causes,
      },
    ];
  },
};
