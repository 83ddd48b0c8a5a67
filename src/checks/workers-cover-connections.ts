import { idlePerWorker } from '../rules/apache-workers.ts';
import { numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const workersCoverConnections: Check = {
  id: 'workers-cover-connections',
  severity: 'warning',
  what: 'Workers (with event: three times as many, two idle for each) ≥ connections open at once.',
  why: 'A connection for which there is no worker waits in the accept queue until its client gives up.',
  fix: 'More memory, more hosts, or a shorter KeepAliveTimeout.',
  source: 'httpd 2.4 manual, mpm_common and event',
  find: (plan) => {
    const workers = numberFor(plan, 'MaxRequestWorkers');
    const open = plan.profile.traffic?.concurrentConnections;
    if (workers === undefined || open === undefined) return [];
    const idle = idlePerWorker(plan.profile);
    const held = workers * (1 + idle);
    if (held >= open) return [];
    const besides = idle > 0 ? `, and ${idle} idle connections for each` : '';
    return [
      {
        message: `${formatCount(open)} connections are open at once, but Apache holds ${formatCount(held)}: ${formatCount(workers)} workers${besides}`,
        remedy:
          'give the host more memory or spread the load over more hosts; a lower KeepAliveTimeout ends idle connections sooner',
        causes: ['traffic.concurrentConnections', 'apache.maxRequestWorkers', 'apache.memoryPerWorker', 'host.memory'],
      },
    ];
  },
};
