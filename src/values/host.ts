import type { DistributionRow } from '../distributions/distribution.ts';
import type { KernelVersion } from './kernel-version.ts';

/** The machine a plan is for, in base units. */
export interface Host {
  readonly distribution: DistributionRow;
  readonly kernel: KernelVersion;
  readonly memoryBytes: number;
  readonly architecture: Architecture;
}

export interface Architecture {
  readonly name: string;
  readonly bits: 32 | 64;
  readonly pageBytes: number;
}
