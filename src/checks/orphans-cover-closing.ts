import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_max_orphans';

export const orphansCoverClosing: Check = {
  id: 'orphans-cover-closing',
  severity: 'error',
  softens: true,
  what: "net.ipv4.tcp_max_orphans ≥ one second of the connections that this host serves or opens, or the kernel's default. An error below a tenth of a second.",
  why: 'A server closes a connection while its last data is still on the way; until that is acknowledged nobody owns the socket. Beyond the limit the kernel resets such connections, and clients miss the end of what they asked for.',
  fix: 'Remove the override: the kernel has one for every two places in its table of connections.',
  source: 'net/ipv4/tcp.c, tcp_check_oom() and tcp_too_many_orphans()',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    const flows = plan.traffic.flows.filter(
      ({ direction, protocol }) => direction !== 'forwarded' && protocol === 'tcp',
    );
    const closing = Math.ceil(flows.reduce((sum, { perSecond }) => sum + perSecond, 0));
    if (typeof decision?.value !== 'number' || decision.value >= Math.min(closing, standardOn(plan))) return [];
    return [
      {
        message: `${formatCount(closing)} connections/s end, each an orphan until its last data is acknowledged, but ${NAME} is ${formatCount(decision.value)}`,
        remedy: 'remove it, or use more',
        causes: [...decision.causes, ...flows.map(({ causes }) => causes.perSecond)],
        severity: decision.value < closing / 10 ? 'error' : 'warning',
      },
    ];
  },
};

/** Whoever writes down what the kernel has takes nothing away. */
function standardOn({ host }: Plan): number {
  const row = findParameter(NAME);
  const standard = row && defaultValue(row, host);
  return typeof standard === 'number' ? standard : Number.POSITIVE_INFINITY;
}
