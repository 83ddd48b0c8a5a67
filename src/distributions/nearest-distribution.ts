import { isWithin, type KernelVersion, parseKernelVersion } from '../values/kernel-version.ts';
import type { DistributionRow } from './distribution.ts';
import { DISTRIBUTIONS } from './distributions.ts';

/** What stands in for a distribution that nobody knows: of its family, the last whose kernel is not newer than its own. */
export function nearestDistribution(family: DistributionRow['family'], kernel: KernelVersion): DistributionRow {
  const relatives = DISTRIBUTIONS.filter((row) => row.family === family).sort(byKernel);
  const older = relatives.filter((row) => isWithin(kernel, { since: row.kernel }));
  const newest = older.at(-1) ?? relatives[0];
  return relatives.find((row) => row.kernel === newest?.kernel) as DistributionRow;
}

function byKernel(a: DistributionRow, b: DistributionRow): number {
  if (a.kernel === b.kernel) return 0;
  return isWithin(parseKernelVersion(a.kernel), { since: b.kernel }) ? 1 : -1;
}
