import type { DistributionRow } from '../distributions/distribution.ts';
import { isOwnKernel } from '../distributions/find-distribution.ts';
import type { KernelBuild } from '../values/host.ts';
import { formatKernelVersion, type KernelVersion, parseKernelVersion } from '../values/kernel-version.ts';
import { noteOnUnreadKernel } from '../values/read-kernels.ts';
import { defaultOn } from './on-kernel.ts';
import type { ParameterRow } from './parameter.ts';

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

/** From a change whose release is not known to the next kernel that was read. */
const RELEASES_APART = 3;

/** Kernels of Red Hat that were read, by what tells one build from another; the last of a release stands for it. */
const REDHAT_READ: readonly { readonly redhat: string; readonly major: string; readonly build: number }[] = [
  { redhat: '5', major: '5', build: 274 },
  { redhat: '6', major: '6', build: 642 },
  { redhat: '7', major: '7', build: 1160 },
  { redhat: '8.1', major: '8', build: 147 },
  { redhat: '8.3', major: '8', build: 240 },
  { redhat: '8.4', major: '8', build: 305 },
  { redhat: '8.5', major: '8', build: 348 },
  { redhat: '8.6', major: '8', build: 372 },
  { redhat: '8.7', major: '8', build: 425 },
  { redhat: '8.8', major: '8', build: 477 },
  { redhat: '8.9', major: '8', build: 513 },
  { redhat: '8', major: '8', build: 553 },
  { redhat: '9.0', major: '9', build: 70 },
  { redhat: '9.1', major: '9', build: 162 },
  { redhat: '9.2', major: '9', build: 284 },
  { redhat: '9.3', major: '9', build: 362 },
  { redhat: '9.4', major: '9', build: 427 },
  { redhat: '9.5', major: '9', build: 503 },
  { redhat: '9', major: '9', build: 570 },
  { redhat: '10', major: '10', build: 55 },
];

/** A kernel that facts are wanted for, and what has to be said about it. */
interface KnownKernel extends KernelBuild {
  readonly notes: readonly string[];
}

/**
 * The kernel behind `6.1`, or behind all that `uname -r` prints, in which `.el8` tells a Red Hat kernel; undefined when it
 * is neither. On a distribution its own series has its backports, as in a profile.
 */
export function readKernel(text: string, distribution?: DistributionRow): KnownKernel | undefined {
  const [, version, rest = ''] = /^(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)([-.+_][\w.+~-]{0,80})?$/.exec(text) ?? [];
  if (version === undefined) return undefined;
  const isStranger = distribution !== undefined && !isOwnKernel(distribution, version);
  const [, major = isStranger ? undefined : distribution?.backports] = /\.el(\d+)/.exec(rest) ?? [];
  const { kernel, note } = standInFor(parseKernelVersion(version));
  const { redhat, note: noteOnRedhat } = readRedhat(major, rest);
  const unread = note === undefined && noteOnUnreadKernel({ kernel, ...(redhat ? { redhat } : {}) });
  const notes = [note, isStranger ? noteOnStranger(version, distribution) : undefined, noteOnRedhat, unread];
  return { kernel, ...(redhat ? { redhat } : {}), notes: notes.filter((each) => typeof each === 'string') };
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

function noteOnStranger(version: string, { id, kernel }: DistributionRow): string {
  return `${version} is not the kernel of ${id}, which ships ${kernel}: none of its backports are reckoned with`;
}

/** What has to be said of the kernel of a host. */
export function notesOn(build: KernelBuild): string[] {
  const unread = noteOnUnreadKernel(build);
  return [...(isUnreadRedhat(build) ? [noteOnUnread(build.redhat ?? '')] : []), ...(unread ? [unread] : [])];
}

function isUnreadRedhat({ redhat }: KernelBuild): boolean {
  return redhat !== undefined && !REDHAT_READ.some((each) => each.redhat === redhat);
}

/**
 * Whether the default of a parameter is not certain on a kernel: nobody has read that one, or it came soon after a release in
 * which the default changed, and which that was is not known.
 */
export function isDefaultDoubtful(row: ParameterRow, build: KernelBuild): boolean {
  if (row.kind !== 'sysctl' && row.kind !== 'module-option') return false;
  const { since, unverified } = defaultOn(row, build) ?? {};
  const [major, minor] = parseKernelVersion(since ?? '');
  const isNearChange = unverified && build.kernel[0] === major && build.kernel[1] < minor + RELEASES_APART;
  return isNearChange || isUnreadRedhat(build);
}

/** The kernel of Red Hat's whose facts hold for a build such as `-147.el8`; for the last one, where no build is named. */
function readRedhat(major: string | undefined, rest: string): { redhat?: string; note?: string } {
  if (major === undefined) return {};
  const read = REDHAT_READ.filter((each) => each.major === major);
  const newest = read.at(-1);
  if (!newest) return { redhat: major, note: noteOnUnread(major) };
  const build = Number(/^-(\d+)/.exec(rest)?.[1] ?? newest.build);
  const nearest = read.findLast((each) => each.build <= build) ?? read[0] ?? newest;
  if (build >= newest.build || build === nearest.build) return { redhat: nearest.redhat };
  const note = `nobody has read build ${build} of Red Hat Enterprise Linux ${major}: build ${nearest.build} stands for it`;
  return { redhat: nearest.redhat, note };
}

function noteOnUnread(redhat: string): string {
  return `nobody has read what the kernel of Red Hat Enterprise Linux ${redhat} brings back: mainline facts are shown`;
}
