import { REUSE, TIMESTAMPS } from '../rules/local-ports.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import type { Check } from './check.ts';

export const twReuseHasTimestamps: Check = {
  id: 'tw-reuse-has-timestamps',
  severity: 'error',
  what: 'With net.ipv4.tcp_tw_reuse, net.ipv4.tcp_timestamps is not 0.',
  why: 'A port in TIME_WAIT can be taken over only when timestamps tell old segments from new ones. Without them tcp_tw_reuse does nothing, and ports run out.',
  fix: 'Remove the override of net.ipv4.tcp_timestamps.',
  source: 'net/ipv4/tcp_ipv4.c, tcp_twsk_unique()',
  find: (plan) => {
    if (numberFor(plan, REUSE) !== 1 || numberFor(plan, TIMESTAMPS) !== 0) return [];
    return [
      {
        message: `${REUSE} does nothing while ${TIMESTAMPS} is 0`,
        remedy: `remove the override of ${TIMESTAMPS}: 1 is the kernel's default`,
        causes: [...(decisionOn(plan, TIMESTAMPS)?.causes ?? []), ...(decisionOn(plan, REUSE)?.causes ?? [])],
      },
    ];
  },
};
