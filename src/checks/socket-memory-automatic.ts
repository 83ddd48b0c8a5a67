import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_mem';

export const socketMemoryAutomatic: Check = {
  id: 'socket-memory-automatic',
  severity: 'warning',
  what: 'net.ipv4.tcp_mem is not set.',
  why: 'tcp_mem is counted in pages for the whole machine, and copied as if it were bytes for a socket. Too low, all connections slow down or are dropped; too high, the machine runs out of memory.',
  fix: 'Remove it; what a single socket may take is in net.ipv4.tcp_rmem and tcp_wmem.',
  source: 'net/ipv4/tcp.c, tcp_init_mem()',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    if (!decision) return [];
    return [
      {
        message: `${NAME} is set by hand, although the kernel works it out from memory at boot`,
        remedy: 'remove it; what a single socket may take is in net.ipv4.tcp_rmem and tcp_wmem',
        causes: decision.causes,
      },
    ];
  },
};
