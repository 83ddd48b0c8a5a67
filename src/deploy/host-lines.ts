import type { KernelVersion } from '../values/kernel-version.ts';
import type { Plan } from '../values/plan.ts';
import { ansibleFamily } from './ansible-family.ts';
import { leastMemory } from './least-memory.ts';

const MIB = 2 ** 20;

/** The machine that a plan is for, as lines of it: what a host is compared with before its first change. */
export function listHostLines({ host, machine }: Plan): string[] {
  const { distribution, kernel, architecture, memoryBytes } = host;
  const { distributions, majorVersion } = distribution.facts;
  return [
    `family ${ansibleFamily(distribution)}`,
    ...distributions.map((name) => `distribution ${name}`),
    // Empty for a distribution that nobody knows, as the list above.
    ...(majorVersion ? [`major-version ${majorVersion}`] : []),
    `kernel ${kernelNumbers(kernel)}`,
    `architecture ${architecture.name}`,
    `memory-mib ${Math.floor(memoryBytes / MIB)}`,
    `least-memory-mib ${leastMemory(memoryBytes, machine)}`,
  ];
}

/** The third number of 2.6.18 is a release of its own; later it counts fixes, which a distribution's kernel hides. */
export function kernelNumbers(kernel: KernelVersion): string {
  return kernel.slice(0, kernel[0] < 3 ? 3 : 2).join('.');
}
