import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_mem';

/** Pages, the last of the three, that the kernel has on the smallest of machines: 128 / 4 × 3, twice. */
const LEAST_LIMIT = 192;

export const socketMemoryAutomatic: Check = {
  id: 'socket-memory-automatic',
  severity: 'error',
  softens: true,
  what: `net.ipv4.tcp_mem is not set. A warning, and an error below the ${LEAST_LIMIT} pages that the kernel has on the smallest machine.`,
  why: 'tcp_mem is counted in pages for the whole machine, and copied as if it were bytes for a socket. Too low, all connections slow down or are dropped; too high, the machine runs out of memory.',
  fix: 'Remove it; what a single socket may take is in net.ipv4.tcp_rmem and tcp_wmem.',
  source: 'net/ipv4/tcp.c, tcp_init_mem()',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    if (!decision) return [];
    const limit = [decision.value].flat().at(-1);
    if (typeof limit === 'number' && limit < LEAST_LIMIT)
      return [
        {
          message: `${NAME} leaves all sockets together ${limit} pages of memory: hardly anything could be sent`,
          remedy: 'remove it; it is counted in pages, for the whole machine',
          causes: decision.causes,
        },
      ];
    return [
      {
        severity: 'warning',
        message: `${NAME} is set by hand, although the kernel works it out from memory at boot`,
        remedy: 'remove it; what a single socket may take is in net.ipv4.tcp_rmem and tcp_wmem',
        causes: decision.causes,
      },
    ];
  },
};
