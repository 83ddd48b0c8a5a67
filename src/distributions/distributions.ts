import { DEBIAN } from './debian.ts';
import type { DistributionRow } from './distribution.ts';
import { REDHAT } from './redhat.ts';

/** Every distribution that a profile may name. */
export const DISTRIBUTIONS: readonly DistributionRow[] = [...DEBIAN, ...REDHAT];
