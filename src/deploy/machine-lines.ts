import { cksum } from '../text/cksum.ts';
import type { Artifact } from '../values/artifact.ts';
import type { Host } from '../values/host.ts';
import { placeOf, withoutMachine } from '../values/machine-folder.ts';
import type { Plan } from '../values/plan.ts';
import { ansibleFamily } from './ansible-family.ts';
import { kernelNumbers } from './host-lines.ts';
import { leastMemory } from './least-memory.ts';
import { endLine } from './plan-lines.ts';

const MIB = 2 ** 20;

/** Of what the list of a profile's plans is written in; a `nettune-host` that reads single plans alone refuses it. */
const LIST_FORMAT = 2;

/**
 * The list of the plans for the machines of one profile, as lines that `nettune-host` reads: a line for each machine with the sum
 * of its plan and all that a host is compared with, and one for each file that not all machines share.
 */
export function listMachineLines(plans: readonly Plan[], carried: readonly Artifact[]): string[] {
  const sums = new Map(carried.map(({ path, content }) => [path, cksum(content)]));
  const own = carried.filter(({ path }) => withoutMachine(path) !== path && withoutMachine(path) !== 'plan');
  const lines = [
    `format ${LIST_FORMAT}`,
    `profile ${plans[0]?.name}`,
    ...plans.map((plan) => `machine ${plan.machine} ${sums.get(placeOf(plan, 'plan'))} ${describeMachine(plan)}`),
    ...own.map(({ path }) => `own ${path}`),
  ];
  return [...lines, endLine(lines)];
}

/** What a host is compared with: least and planned memory in MiB, architecture, kernel, family, and where it is known the distribution. */
function describeMachine({ host, machine }: Plan): string {
  return `${leastMemory(host.memoryBytes, machine)} ${tellApart(host)}`;
}

/** The same for two machines that no host could choose between. */
export function tellApart({ distribution, kernel, architecture, memoryBytes }: Host): string {
  const { distributions, majorVersion } = distribution.facts;
  return [
    Math.floor(memoryBytes / MIB),
    architecture.name,
    kernelNumbers(kernel),
    ansibleFamily(distribution),
    ...(majorVersion ? [majorVersion, distributions.join(',')] : []),
  ].join(' ');
}
