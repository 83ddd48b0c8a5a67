import { forKernel, type KernelRange, parseKernelVersion } from '../values/kernel-version.ts';

/** What a generation of Squid understands of what it is told. */
interface SquidGeneration {
  /** Whether its squid.conf can name other files. */
  readonly includes: boolean;
  /** Directives that had another name. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Sources: squid-cache.org/Doc/config, which says of each directive in which versions it is: `max_filedescriptors` since 2.7,
 * in place of `max_filedesc`, which is what Red Hat's 2.6 has by a patch of its own (fd-config, in the change log of
 * redsleeve-linux/el6, squid.spec, and as pld-linux/squid has it); `include` is in what 3.0 says of itself, and 2.6 says
 * nothing of it. 3.0 and the first of 3.1 have neither name; no distribution has them.
 */
const GENERATIONS: readonly (KernelRange & SquidGeneration)[] = [
  { until: '2.7', includes: false, names: { max_filedescriptors: 'max_filedesc' } },
  { since: '2.7', includes: true, names: {} },
];

/** `version` as in the distribution's row; versions of Squid are counted like those of kernels. */
export function squidGeneration(version: string): SquidGeneration {
  return forKernel(parseKernelVersion(version), GENERATIONS) as SquidGeneration;
}
