import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { TIME_WAIT_SOCKETS } from '../rules/time-wait.ts';
import { decisionOn } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const twBucketsNotLowered: Check = {
  id: 'tw-buckets-not-lowered',
  severity: 'warning',
  what: "net.ipv4.tcp_max_tw_buckets ≥ the kernel's default for this amount of memory.",
  why: 'Above the limit the kernel ends sockets without TIME_WAIT. It saves a little memory, and lets late segments of one connection end up in the next.',
  fix: 'Remove it; net.ipv4.tcp_tw_reuse gives ports back earlier.',
  source: 'net/ipv4/tcp_minisocks.c; incident 001, where 5,000 were set',
  find: (plan) => {
    const decision = decisionOn(plan, TIME_WAIT_SOCKETS);
    const row = findParameter(TIME_WAIT_SOCKETS);
    const standard = row && defaultValue(row, plan.host);
    if (typeof decision?.value !== 'number' || typeof standard !== 'number' || decision.value >= standard) return [];
    return [
      {
        message: `${TIME_WAIT_SOCKETS} ${formatCount(decision.value)} is less than the kernel's default for this host, ${formatCount(standard)}`,
        remedy:
          'remove it: net.ipv4.tcp_tw_reuse gives ports back earlier, and sockets in TIME_WAIT take 256 bytes each',
        causes: decision.causes,
      },
    ];
  },
};
