import { forKernel, type KernelRange, parseKernelVersion } from '../values/kernel-version.ts';

export type Mpm = 'event' | 'worker' | 'prefork';

/** How a generation of httpd spells what it is told. */
interface HttpdGeneration {
  /** The name that `<IfModule>` knows each MPM by; one that is missing is not for production. */
  readonly mpms: Readonly<Partial<Record<Mpm, string>>>;
  /** Directives that had another name. */
  readonly names: Readonly<Record<string, string>>;
  /** Whether it prints which files it includes (`-D DUMP_INCLUDES`). */
  readonly listsIncludes: boolean;
}

/** Sources: the manuals of 2.2 and 2.4, mpm_common; 2.3.13 renamed MaxClients. The event MPM of 2.2 is experimental. */
const GENERATIONS: readonly (KernelRange & HttpdGeneration)[] = [
  {
    until: '2.4',
    mpms: { worker: 'worker.c', prefork: 'prefork.c' },
    names: { MaxRequestWorkers: 'MaxClients' },
    listsIncludes: false,
  },
  {
    since: '2.4',
    mpms: { event: 'mpm_event_module', worker: 'mpm_worker_module', prefork: 'mpm_prefork_module' },
    names: {},
    listsIncludes: true,
  },
];

/** `version` as in the distribution's row; versions of httpd are counted like those of kernels. */
export function httpdGeneration(version: string): HttpdGeneration {
  return forKernel(parseKernelVersion(version), GENERATIONS) as HttpdGeneration;
}
