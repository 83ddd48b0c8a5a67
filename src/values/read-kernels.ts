import type { KernelBuild } from './host.ts';
import { compareKernels, formatKernelVersion, type KernelVersion, parseKernelVersion } from './kernel-version.ts';

/** Releases whose sources were read as whole trees; of 2.6 every release was, by its tag. `bench/sources.md` has the later ones. */
const READ: readonly KernelVersion[] = [
  ...['3.0', '3.2', '3.5', '3.6', '3.9', '3.10', '3.11', '3.12', '3.13', '3.19'],
  ...['4.0', '4.1', '4.3', '4.4', '4.7', '4.8', '4.9', '4.10', '4.11', '4.12', '4.14', '4.18', '4.19'],
  ...['5.0', '5.2', '5.3', '5.4', '5.7', '5.10', '5.12', '5.15'],
  ...['6.0', '6.1', '6.2', '6.5', '6.6', '6.8', '6.9', '6.12', '6.13', '6.14', '6.18', '6.19', '7.1', '7.2'],
].map(parseKernelVersion);

/** The read releases on either side of one that nobody has read; undefined for one that was, and outside of all. */
function readNeighbours({ kernel, redhat }: KernelBuild): readonly [KernelVersion, KernelVersion] | undefined {
  if (redhat !== undefined) return undefined;
  const series: KernelVersion = [kernel[0], kernel[1], 0];
  const above = READ.find((each) => compareKernels(each, series) >= 0);
  const below = READ.findLast((each) => compareKernels(each, series) <= 0);
  return below && above && below !== above ? [below, above] : undefined;
}

/** The builds whose defaults count: its own, or those on either side of one that nobody has read. */
export function readSides<Build extends KernelBuild>(build: Build): readonly [Build, ...Build[]] {
  const [below, above] = readNeighbours(build) ?? [];
  return below && above
    ? [
        { ...build, kernel: below },
        { ...build, kernel: above },
      ]
    : [build];
}

/** What has to be said of a kernel that nobody has read; undefined for one that was. */
export function noteOnUnreadKernel(build: KernelBuild): string | undefined {
  const sides = readNeighbours(build)?.map(formatKernelVersion);
  if (!sides) return undefined;
  return `nobody has read kernel ${formatKernelVersion(build.kernel)}: of the defaults of ${sides.join(' and ')} the larger one is taken`;
}
