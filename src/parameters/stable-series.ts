import type { KernelBuild } from '../values/host.ts';
import type { KernelVersion } from '../values/kernel-version.ts';

/**
 * The last patch level of each stable series that was read (`bench/sources.md`): what distributions ship as updates. Debian's and
 * Ubuntu's `uname -r` name the series alone (`6.1.0-56-amd64`), and so do profiles.
 */
const LAST_READ: readonly KernelVersion[] = [
  [5, 4, 301],
  [5, 10, 265],
  [5, 15, 215],
  [6, 1, 192],
  [6, 6, 152],
  [6, 12, 117],
  [6, 18, 44],
];

/** The release whose facts hold: where no patch level is named that of the last update that was read. Red Hat's have their own. */
export function patchLevel({ kernel, redhat }: KernelBuild): KernelVersion {
  const [major, minor, patch] = kernel;
  if (redhat !== undefined || patch > 0) return kernel;
  return LAST_READ.find((each) => each[0] === major && each[1] === minor) ?? kernel;
}
