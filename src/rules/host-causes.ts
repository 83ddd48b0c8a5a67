import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { isOwnKernel } from '../distributions/find-distribution.ts';
import type { Host } from '../values/host.ts';
import { formatKernelVersion, type KernelVersion, parseKernelVersion } from '../values/kernel-version.ts';
import type { Circumstances } from './rule.ts';

/** Sizes of memory between which every default of a kernel has its steps. */
const MEMORIES = [26, 28, 29, 30, 31, 33, 35, 37, 40, 44].map((power) => 2 ** power);

/**
 * The key paths of `host` that a number of the machine follows from: those that change it when the machine is another one.
 * What hangs on the kernel follows from `host.kernel` or, where the profile leaves that to the distribution, from that.
 * Asked of the number itself, since every kernel has formulas of its own.
 */
export function causesOfHost(number: (host: Host) => unknown, { host, profile }: HostGiven): string[] {
  const value = String(number(host));
  const isElse = (other: Host) => String(number(other)) !== value;
  return PATHS.filter((path) => othersOf(host, profile.host.kernel !== undefined)[path].some(isElse));
}

type HostGiven = Pick<Circumstances, 'host' | 'profile'>;

const PATHS = ['host.memory', 'host.kernel', 'host.distribution', 'host.architecture'] as const;

/** By key path: this host with another value there. */
type Others = Readonly<Record<(typeof PATHS)[number], readonly Host[]>>;

/** Made once for a host: many values are asked of it. */
const OTHERS = new WeakMap<Host, Others>();

function othersOf(host: Host, isKernelWritten: boolean): Others {
  const known = OTHERS.get(host) ?? listOthers(host, isKernelWritten);
  OTHERS.set(host, known);
  return known;
}

const KERNELS = [...new Map(DISTRIBUTIONS.map(({ kernel }) => [kernel, parseKernelVersion(kernel)])).values()];

function listOthers(host: Host, isKernelWritten: boolean): Others {
  const built = DISTRIBUTIONS.filter(({ architectures }) =>
    architectures.some(({ name }) => name === host.architecture.name),
  );
  return {
    'host.memory': MEMORIES.map((memoryBytes) => ({ ...host, memoryBytes })),
    'host.kernel': isKernelWritten ? KERNELS.map((kernel) => onKernel(host, kernel)) : [],
    'host.distribution': built.map((distribution) =>
      onKernel({ ...host, distribution }, isKernelWritten ? host.kernel : parseKernelVersion(distribution.kernel)),
    ),
    'host.architecture': host.distribution.architectures.map((architecture) => ({ ...host, architecture })),
  };
}

/** The same machine with another kernel, which has Red Hat's backports where it is the distribution's own. */
function onKernel({ redhat: _, ...host }: Host, kernel: KernelVersion): Host {
  const { distribution, architecture } = host;
  const isOwn = isOwnKernel(distribution, formatKernelVersion(kernel));
  return {
    ...host,
    kernel,
    architecture: distribution.architectures.find(({ name }) => name === architecture.name) ?? architecture,
    ...(isOwn && distribution.backports ? { redhat: distribution.backports } : {}),
  };
}
