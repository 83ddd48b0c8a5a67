import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import type { KernelBuild } from '../values/host.ts';
import { formatKernelVersion, type KernelVersion, parseKernelVersion } from '../values/kernel-version.ts';

/** The last release of each major number, up to the newest whose source was read. */
const LAST_RELEASES: readonly KernelVersion[] = [
  [2, 6, 39],
  [3, 19, 0],
  [4, 20, 0],
  [5, 19, 0],
  [6, 19, 0],
  [7, 2, 0],
];

const NEWEST: KernelVersion = [7, 2, 0];

/** The oldest release whose facts were read. */
const OLDEST: KernelVersion = [2, 6, 12];

/** Major releases of Red Hat whose kernels were read. */
const REDHAT_READ = ['5', '6', '7', '8'];

/** A kernel that facts are wanted for, and what has to be said about it. */
interface KnownKernel extends KernelBuild {
  readonly notes: readonly string[];
}

/**
 * The kernel behind `6.1`, or behind all that `uname -r` prints, in which `.el8` tells a Red Hat kernel; undefined when it
 * is neither.
 */
export function readKernel(text: string): KnownKernel | undefined {
  const [, version] = /^(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)(?:[-.+_][\w.+~-]{0,80})?$/.exec(text) ?? [];
  if (version === undefined) return undefined;
  const [, redhat] = /\.el(\d+)/.exec(text) ?? [];
  const { kernel, note } = standInFor(parseKernelVersion(version));
  return {
    kernel,
    ...(redhat ? { redhat } : {}),
    notes: [...(note === undefined ? [] : [note]), ...noteOnRedhat(redhat)],
  };
}

/** The kernel that a distribution ships; undefined for one that nettune does not know. */
export function kernelOf(distribution: string): KnownKernel | undefined {
  const row = DISTRIBUTIONS.find(({ id }) => id === distribution);
  if (!row) return undefined;
  const { backports } = row;
  return {
    kernel: parseKernelVersion(row.kernel),
    ...(backports ? { redhat: backports } : {}),
    notes: noteOnRedhat(backports),
  };
}

export const newestKernel: KnownKernel = { kernel: NEWEST, notes: [] };

/** The kernel whose facts hold for another one, and what has to be said about it. */
interface StandIn {
  readonly kernel: KernelVersion;
  readonly note?: string;
  readonly remedy: string;
  /** There never was such a kernel. */
  readonly isMistake: boolean;
}

/** The release itself if there is one, otherwise the one before it. */
export function standInFor(kernel: KernelVersion): StandIn {
  const asked = formatKernelVersion(kernel);
  if (isBelow(NEWEST, [kernel[0], kernel[1], 0]))
    return {
      kernel: NEWEST,
      note: `nettune knows kernels up to ${formatKernelVersion(NEWEST)}, which stands for ${asked}`,
      remedy: 'look for a newer nettune; what is said here may be out of date',
      isMistake: false,
    };
  if (isBelow(kernel, OLDEST))
    return {
      kernel: OLDEST,
      note: `nettune knows kernels from ${formatKernelVersion(OLDEST)} on, which stands for ${asked}`,
      remedy: 'write the first numbers of what `uname -r` prints there, such as `6.1`',
      isMistake: true,
    };
  const last = LAST_RELEASES.find(([major]) => major === kernel[0]) ?? NEWEST;
  // Patches of a stable series are not told apart; before 3.0 the third number is the release.
  if (!isBelow(last, kernel[0] === 2 ? kernel : [kernel[0], kernel[1], 0]))
    return { kernel, remedy: '', isMistake: false };
  return {
    kernel: last,
    note: `there is no kernel ${asked}: ${formatKernelVersion(last)} came last before it`,
    remedy: 'write the first numbers of what `uname -r` prints there, such as `6.1`',
    isMistake: true,
  };
}

function isBelow(a: KernelVersion, b: KernelVersion): boolean {
  return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) < 0;
}

function noteOnRedhat(redhat: string | undefined): string[] {
  if (redhat === undefined || REDHAT_READ.includes(redhat)) return [];
  return [
    `nobody has read what the kernel of Red Hat Enterprise Linux ${redhat} brings back: mainline facts are shown`,
  ];
}
