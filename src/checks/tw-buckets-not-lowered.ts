import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { sayMoreMemory } from '../rules/memory-share.ts';
import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { socketFlows, TIME_WAIT_SOCKETS } from '../rules/time-wait.ts';
import { TIME_WAIT_SECONDS } from '../sizing/busy-ports.ts';
import { countTimeWait } from '../sizing/time-wait.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

export const twBucketsNotLowered: Check = {
  id: 'tw-buckets-not-lowered',
  severity: 'warning',
  what: `net.ipv4.tcp_max_tw_buckets ≥ the kernel's default for this amount of memory, and ≥ new connections per second × ${TIME_WAIT_SECONDS} s.`,
  why: 'Above the limit the kernel ends sockets without TIME_WAIT. It saves a little memory, and lets late segments of one connection end up in the next.',
  fix: 'Remove an override; net.ipv4.tcp_tw_reuse gives ports back earlier. Where memory is short, keep connections open, or spread them over more hosts.',
  source: 'net/ipv4/tcp_minisocks.c; docs/how-to/time-wait.md',
  find: (plan) => [...lowered(plan), ...tooFew(plan)].slice(0, 1),
};

function lowered(plan: Plan): Breach[] {
  const decision = decisionOn(plan, TIME_WAIT_SOCKETS);
  const row = findParameter(TIME_WAIT_SOCKETS);
  const standard = row && defaultValue(row, plan.host);
  if (typeof decision?.value !== 'number' || typeof standard !== 'number' || decision.value >= standard) return [];
  return [
    {
      message: `${TIME_WAIT_SOCKETS} ${formatCount(decision.value)} is less than the kernel's default for this host, ${formatCount(standard)}`,
      remedy: 'remove it: net.ipv4.tcp_tw_reuse gives ports back earlier',
      causes: decision.causes,
    },
  ];
}

/** What nettune sizes falls short only where its part of memory has no room for it. */
function tooFew(plan: Plan): Breach[] {
  const flows = socketFlows(plan);
  const rate = flows.reduce((total, { perSecond }) => total + perSecond, 0);
  const limit = numberInForce(TIME_WAIT_SOCKETS, circumstancesOf(plan));
  if (limit === undefined || countTimeWait(rate) <= limit) return [];
  return [
    {
      message: `${formatCount(rate)} connections/s × ${TIME_WAIT_SECONDS} s = ${formatCount(countTimeWait(rate))} sockets in TIME_WAIT, but ${TIME_WAIT_SOCKETS} is ${formatCount(limit)}`,
      remedy: `${sayMoreMemory(plan.host)}, keep connections open, or spread them over more hosts`,
      causes: [
        ...new Set([
          ...flows.map(({ causes }) => causes.perSecond),
          ...(decisionOn(plan, TIME_WAIT_SOCKETS)?.causes ?? []),
          'host.memory',
        ]),
      ],
    },
  ];
}
