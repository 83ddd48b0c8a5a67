import type { DistributionRow } from '../distributions/distribution.ts';
import { formatKernelVersion, type KernelVersion } from './kernel-version.ts';

/** A kernel, as far as parameters depend on it. */
export interface KernelBuild {
  readonly kernel: KernelVersion;
  /** The release of a Red Hat kernel, whose backports hold: a major one for its newest kernel, or one such as 8.4. Undefined for any other. */
  readonly redhat?: string;
}

/** The first minor release of Red Hat that a major one's facts hold for; 0 elsewhere. */
const FIRST_LIKE_LATER: Readonly<Record<string, number>> = { '8': 3 };

/** Whether it is Red Hat's kernel of that release, such as `9` or `8.4`, or of a later one with the same major number. */
export function isRedhatSince({ redhat = '' }: KernelBuild, since: string): boolean {
  const [major = '', minor] = redhat.split('.');
  const [sinceMajor = '', sinceMinor = FIRST_LIKE_LATER[since] ?? 0] = since.split('.');
  return major === sinceMajor && (minor === undefined || Number(minor) >= Number(sinceMinor));
}

/** A kernel and what it finds, as far as its own defaults depend on it. */
export interface Machine extends KernelBuild {
  readonly memoryBytes: number;
  readonly architecture: Architecture;
}

/** The machine a plan is for, in base units. */
export interface Host extends Machine {
  readonly distribution: DistributionRow;
}

export interface Architecture {
  readonly name: string;
  readonly bits: 32 | 64;
  readonly pageBytes: number;
}

/** What is always mapped on 32 bits: 1 GiB of addresses, of which 128 MiB are for other things (VMSPLIT_3G). */
const LOW_MEMORY_BYTES = 896 * 2 ** 20;

/** Memory that the kernel has for its own tables and sockets, in bytes. */
export function kernelMemory({ memoryBytes, architecture }: Machine): number {
  return architecture.bits === 32 ? Math.min(LOW_MEMORY_BYTES, memoryBytes) : memoryBytes;
}

/** A host as programs read it. */
export interface HostFigures {
  /** The distribution's id, as a profile names it. */
  readonly distribution: string;
  readonly kernel: string;
  readonly memoryBytes: number;
  /** As `uname -m` prints it. */
  readonly architecture: string;
}

export function figuresOf({ distribution, kernel, memoryBytes, architecture }: Host): HostFigures {
  return {
    distribution: distribution.id,
    kernel: formatKernelVersion(kernel),
    memoryBytes,
    architecture: architecture.name,
  };
}
