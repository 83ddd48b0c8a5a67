import { AMAZON } from './amazon.ts';
import { DEBIAN } from './debian.ts';
import type { DistributionRow } from './distribution.ts';
import { REDHAT } from './redhat.ts';
import { UBUNTU } from './ubuntu.ts';

/** Every distribution that nettune knows. */
export const DISTRIBUTIONS: readonly DistributionRow[] = [...DEBIAN, ...UBUNTU, ...REDHAT, ...AMAZON];
