import { idlePerWorker } from '../rules/apache-workers.ts';
import { numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

/** Of the event MPM, when half of the workers are busy: those, and two idle connections for each idle one. */
const HELD_PER_WORKER = 2;

export const workersCoverConnections: Check = {
  id: 'workers-cover-connections',
  severity: 'warning',
  what: 'Workers ≥ connections open at once; with event twice as many, since a process holds two idle connections for each of its idle threads, and half of them are reckoned as busy.',
  why: 'A connection for which there is no worker waits in the accept queue until its client gives up.',
  fix: 'More memory, more hosts, or a shorter KeepAliveTimeout, after which fewer connections are open.',
  source: 'httpd 2.4 manual, event, AsyncRequestWorkerFactor; tried: slow downloads',
  find: (plan) => {
    const workers = numberFor(plan, 'MaxRequestWorkers');
    const open = plan.profile.traffic?.concurrentConnections;
    if (workers === undefined || open === undefined) return [];
    const isEvent = idlePerWorker(plan.profile) > 0;
    const held = workers * (isEvent ? HELD_PER_WORKER : 1);
    if (held >= open) return [];
    const when = isEvent ? ' while half of them are busy' : '';
    return [
      {
        message: `${formatCount(open)} connections are open at once, but ${formatCount(workers)} workers of Apache hold ${formatCount(held)}${when}`,
        remedy:
          'give the host more memory, or spread the load over more hosts; or lower KeepAliveTimeout, and set `traffic.concurrentConnections` to what is open then',
        causes: ['traffic.concurrentConnections', 'apache.maxRequestWorkers', 'apache.memoryPerWorker', 'host.memory'],
      },
    ];
  },
};
