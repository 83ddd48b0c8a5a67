import type { Profile } from '#generated/profile.ts';
import { parseKernelVersion } from '../values/kernel-version.ts';
import { ARCHITECTURES } from './architectures.ts';
import type { DistributionRow } from './distribution.ts';
import { DISTRIBUTIONS } from './distributions.ts';
import { nearestDistribution } from './nearest-distribution.ts';

/** The row that a profile names; for a distribution that nobody knows the nearest one's, under its own name. */
export function findDistribution(host: Profile['host']): DistributionRow {
  return DISTRIBUTIONS.find(({ id }) => id === host.distribution) ?? describeUnknown(host);
}

/** A valid profile gives kernel and family of what is not in the table. */
function describeUnknown({ distribution: id, family = 'debian', kernel = '' }: Profile['host']): DistributionRow {
  const nearest = nearestDistribution(family, parseKernelVersion(kernel));
  return {
    ...nearest,
    id,
    title: id,
    architectures: [...nearest.architectures, ...ARCHITECTURES],
    facts: { distributions: [], majorVersion: '' },
    platform: { name: nearest.platform.name, version: 'all' },
  };
}

/** Whether a kernel is of the distribution's own series, whose backports it has; one from elsewhere has none. */
export function isOwnKernel({ kernel }: DistributionRow, version = kernel): boolean {
  return version === kernel || version.startsWith(`${kernel}.`);
}
