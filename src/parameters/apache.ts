import type { ParameterRow } from './parameter.ts';

/** Processes that httpd can be told of: of prefork 200,000, of the others 20,000. */
const HARD_LIMIT = 200000;

const MOST_THREADS = 20000;
const MANUAL = 'httpd 2.4 manual, mpm_common';

/** Directives of Apache httpd 2.4. All of these need a stop and a start: neither reload nor graceful restart applies them. */
export const APACHE: readonly ParameterRow[] = [
  {
    name: 'ListenBacklog',
    accepts: [{ min: 1, max: 2147483647 }],
    defaults: [{ value: 511 }],
    unit: 'connections',
    summary: 'The accept queue that httpd asks for; the kernel cuts it to net.core.somaxconn.',
  },
  {
    name: 'ServerLimit',
    accepts: [{ min: 1, max: HARD_LIMIT }],
    unit: 'processes',
    summary: 'Most processes; has to allow MaxRequestWorkers, which is cut in silence otherwise.',
  },
  {
    name: 'ThreadsPerChild',
    accepts: [{ min: 1, max: MOST_THREADS }],
    defaults: [{ value: 25 }],
    unit: 'threads',
    summary: 'Threads of each process; 64 at most unless ThreadLimit is raised.',
  },
  {
    name: 'MaxRequestWorkers',
    accepts: [{ min: 1, max: MOST_THREADS * 64 }],
    unit: 'workers',
    summary: 'Requests that are served at once; those beyond wait in the accept queue.',
  },
].map(
  (row) => ({ kind: 'apache', exists: {}, type: 'integer', effect: 'server-start', source: MANUAL, ...row }) as const,
);
