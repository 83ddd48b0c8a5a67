import { fittingWorkers, workerBytes } from '../rules/apache-workers.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const workersFitMemory: Check = {
  id: 'workers-fit-memory',
  severity: 'error',
  softens: true,
  what: 'Workers × memory of each ≤ half of the memory; a warning up to all of it.',
  why: 'A server whose workers need more memory than there is swaps or is killed when it is busiest.',
  fix: 'Lower `apache.maxRequestWorkers`, measure `apache.memoryPerWorker`, or give the host more memory.',
  source: 'httpd 2.4 manual, performance tuning',
  find: (plan) => {
    const workers = numberFor(plan, 'MaxRequestWorkers');
    const fitting = fittingWorkers(plan);
    if (workers === undefined || workers <= fitting) return [];
    const needed = workers * workerBytes(plan.profile);
    const each = formatSize(workerBytes(plan.profile));
    return [
      {
        message: `${formatCount(workers)} workers of ${each} take ${formatSize(needed)}; in half of ${formatSize(plan.host.memoryBytes)} there is room for ${formatCount(fitting)}`,
        remedy: 'lower `apache.maxRequestWorkers`, measure `apache.memoryPerWorker`, or give the host more memory',
        causes: [
          ...new Set([
            ...(decisionOn(plan, 'MaxRequestWorkers')?.causes ?? []),
            'apache.memoryPerWorker',
            'host.memory',
          ]),
        ],
        severity: needed > plan.host.memoryBytes ? 'error' : 'warning',
      },
    ];
  },
};
