import { queueOf } from '../rules/accept-queue.ts';
import { openInSquid, SQUID_DESCRIPTORS, UNIT_DESCRIPTORS } from '../rules/descriptors.ts';
import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { countSquidDescriptors, DESCRIPTORS_PER_QUEUE_PLACE } from '../sizing/descriptors.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

/** What a process, and the whole machine, can have. */
const CEILINGS = ['fs.nr_open', 'fs.file-max'] as const;

export const descriptorsCoverConnections: Check = {
  id: 'descriptors-cover-connections',
  severity: 'error',
  softens: true,
  what: 'max_filedescriptors ≥ 1.5 × open connections + 512 and ≥ 4 × accept queue, a warning while the open ones fit; LimitNOFILE ≤ fs.nr_open and fs.file-max.',
  why: 'A server without a free descriptor accepts nothing: connections wait in its queue until their clients give up.',
  fix: 'Leave `squid.maxFileDescriptors` and the limits of the kernel to nettune.',
  source: 'fs/file.c; TcpAcceptor.cc of Squid; docs/how-to/syn-flooding.md',
  find: (plan) => [...tooFewForSquid(plan), ...CEILINGS.flatMap((ceiling) => beyond(ceiling, plan))],
};

function tooFewForSquid(plan: Plan): Breach[] {
  const value = numberFor(plan, SQUID_DESCRIPTORS);
  if (value === undefined) return [];
  const open = openInSquid(plan);
  const queue = queueOf(plan).value;
  const needed = Math.max(countSquidDescriptors(open), queue * DESCRIPTORS_PER_QUEUE_PLACE);
  if (value >= needed) return [];
  return [
    {
      message: `Squid has ${formatCount(value)} descriptors, but ${formatCount(open)} connections with headroom take ${formatCount(countSquidDescriptors(open))}, and a queue of ${formatCount(queue)} places takes ${formatCount(queue * DESCRIPTORS_PER_QUEUE_PLACE)}`,
      remedy: `leave \`squid.maxFileDescriptors\` to nettune, or set it to \`${needed}\` or more`,
      causes: ['squid.maxFileDescriptors', 'traffic.concurrentConnections', 'traffic.connectionsPerSecond'],
      severity: value < open ? 'error' : 'warning',
    },
  ];
}

/** A limit of the kernel that the server's own does not fit under. */
function beyond(ceiling: (typeof CEILINGS)[number], plan: Plan): Breach[] {
  const unit = decisionOn(plan, UNIT_DESCRIPTORS);
  const limit = numberInForce(ceiling, circumstancesOf(plan));
  if (typeof unit?.value !== 'number' || limit === undefined || unit.value <= limit) return [];
  return [
    {
      message: `the server's unit wants ${formatCount(unit.value)} descriptors, but ${ceiling} allows ${formatCount(limit)}`,
      remedy: `raise ${ceiling} to \`${unit.value}\` or more`,
      causes: [...(decisionOn(plan, ceiling)?.causes ?? []), ...unit.causes],
    },
  ];
}
