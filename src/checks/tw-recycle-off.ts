import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_tw_recycle';

export const twRecycleOff: Check = {
  id: 'tw-recycle-off',
  severity: 'error',
  what: 'net.ipv4.tcp_tw_recycle is not switched on.',
  why: 'With tcp_tw_recycle a server drops SYNs whose timestamps run backwards: those of all but one client behind the same NAT.',
  fix: 'Remove it; net.ipv4.tcp_tw_reuse serves outgoing connections, and harms nobody.',
  source: 'commit 4396e46187ca (removed in 4.12); docs/how-to/time-wait.md',
  find: (plan) => {
    const value = decisionOn(plan, NAME)?.value; // undefined where the kernel has no such parameter, which another check reports
    if (value === undefined || value === 0) return [];
    return [
      {
        message: `${NAME} drops the connections of clients behind NAT; kernels from 4.12 on do not have it`,
        remedy: 'remove it; net.ipv4.tcp_tw_reuse = 1 is safe and serves outgoing connections',
        causes: [`sysctl.${NAME}`],
      },
    ];
  },
};
