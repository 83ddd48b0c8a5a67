import { numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

/** AsyncRequestWorkerFactor's default: idle connections that the event MPM holds besides, for each worker. */
const IDLE_PER_WORKER = 2;

export const workersCoverConnections: Check = {
  id: 'workers-cover-connections',
  severity: 'warning',
  why: 'A connection for which there is no worker waits in the accept queue until its client gives up.',
  source: 'httpd 2.4 manual, mpm_common and event',
  find: (plan) => {
    const workers = numberFor(plan, 'MaxRequestWorkers');
    const open = plan.profile.traffic?.concurrentConnections;
    if (workers === undefined || open === undefined) return [];
    const isEvent = (plan.profile.apache?.mpm ?? 'event') === 'event';
    const held = workers * (isEvent ? 1 + IDLE_PER_WORKER : 1);
    if (held >= open) return [];
    const idle = isEvent ? `, and ${IDLE_PER_WORKER} idle connections for each` : '';
    return [
      {
        message: `${formatCount(open)} connections are open at once, but Apache holds ${formatCount(held)}: ${formatCount(workers)} workers${idle}`,
        remedy:
          'give the host more memory or spread the load over more hosts; a lower KeepAliveTimeout ends idle connections sooner',
        causes: ['traffic.concurrentConnections', 'apache.maxRequestWorkers', 'apache.memoryPerWorker', 'host.memory'],
      },
    ];
  },
};
