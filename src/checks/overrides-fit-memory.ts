import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { sayMoreMemory, sayShare } from '../rules/memory-share.ts';
import { costOfLimit, type LimitCost } from '../sizing/limit-costs.ts';
import { type Host, kernelMemory } from '../values/host.ts';
import type { Decision, Plan } from '../values/plan.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

export const overridesFitMemory: Check = {
  id: 'overrides-fit-memory',
  severity: 'warning',
  what: 'An override of a limit lets no more memory be taken than nettune would let: 2 % of it for sockets in TIME_WAIT, 1 % for neighbours, half of it for TCP, UDP, orphans, and first buffers × open connections. What the kernel has by default is fine.',
  why: 'A limit is there for the day when something goes wrong. Then one that was copied from a larger host takes the memory that programs need, and the kernel kills one of them.',
  fix: 'Remove the override, or use less.',
  source: 'Documentation/networking/ip-sysctl.rst; slabs tw_sock_TCP and neighbour',
  find: (plan) => plan.decisions.filter(({ rule }) => rule === 'override').flatMap((each) => breachOf(each, plan)),
};

function breachOf({ parameter, spelling, value, causes }: Decision, { host, profile }: Plan): Breach[] {
  const connections = profile.traffic?.concurrentConnections ?? 0;
  const cost = costOfLimit(parameter, value, host, connections);
  if (!cost || isKernelsOwn(parameter, cost, host)) return [];
  const budget = kernelMemory(host) * cost.share;
  if (cost.memoryBytes <= budget) return [];
  const most = formatCount(Math.floor(budget / cost.bytes(host, connections)));
  const taken = formatSize(cost.memoryBytes);
  const isEach = cost.position === 1;
  const price = isEach ? `${formatCount(cost.count)} bytes × ${formatCount(connections)} = ${taken}` : taken;
  return [
    {
      message: `${spelling} lets ${cost.what} take ${price}, but ${sayShare(cost.share, host)} is ${formatSize(budget)}`,
      remedy: `remove it, or use ${most} at most${isEach ? ' for the second number' : ''}; or ${sayMoreMemory(host)}`,
      causes: [...causes, ...(isEach ? ['traffic.concurrentConnections'] : []), 'host.memory'],
    },
  ];
}

/** Whoever writes down what the kernel has takes nothing more. */
function isKernelsOwn(parameter: string, { position, count }: LimitCost, host: Host): boolean {
  const row = findParameter(parameter);
  const standard = row && defaultValue(row, host);
  return standard !== undefined && count <= Number([standard].flat()[position]);
}
