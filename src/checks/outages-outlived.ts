import { decisionOn } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_retries2';

/** Seconds before the first retransmission at the least (TCP_RTO_MIN); each further wait is twice as long, up to 120 s. */
const FIRST_WAIT = 0.2;
const LONGEST_WAIT = 120;

/** What a moment without a network takes: a switch that starts its ports again, a route that moves. */
const MOMENT = 3;
/** RFC 1122, 4.2.3.5. */
const ASKED_FOR = 100;

export const outagesOutlived: Check = {
  id: 'outages-outlived',
  severity: 'error',
  softens: true,
  what: `An open connection is given up after ${ASKED_FOR} s without an answer or later: ${FIRST_WAIT} s × (2^(net.ipv4.tcp_retries2 + 1) − 1), each wait at most ${LONGEST_WAIT} s. An error below ${MOMENT} s.`,
  why: 'Every connection ends that sends during a short outage. A program that wants to know sooner asks for it on its own sockets (TCP_USER_TIMEOUT).',
  fix: 'Remove the override: the kernel has 15, some 15 minutes.',
  source: 'RFC 1122, 4.2.3.5; net/ipv4/tcp_timer.c',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    if (typeof decision?.value !== 'number') return [];
    const seconds = givenUpAfter(decision.value);
    if (seconds >= ASKED_FOR) return [];
    return [
      {
        message: `${NAME} ${decision.value} gives up a connection after ${formatCount(Math.round(seconds * 10) / 10)} s without an answer; RFC 1122 asks for ${ASKED_FOR} s`,
        remedy: 'use `8` or more, or remove it',
        causes: decision.causes,
        severity: seconds < MOMENT ? 'error' : 'warning',
      },
    ];
  },
};

/** Seconds from the first segment that is lost, where the network is as fast as it can be. */
function givenUpAfter(retransmissions: number): number {
  const waits = Array.from({ length: retransmissions + 1 }, (_, count) =>
    Math.min(FIRST_WAIT * 2 ** count, LONGEST_WAIT),
  );
  return waits.reduce((sum, wait) => sum + wait, 0);
}
