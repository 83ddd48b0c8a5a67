import { mostServers } from '../rules/apache-workers.ts';
import { numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const workersFitServerLimit: Check = {
  id: 'workers-fit-server-limit',
  severity: 'error',
  softens: true,
  what: 'MaxRequestWorkers is a multiple of ThreadsPerChild, with at most 20,000 processes (prefork: 200,000). A warning where only the last process is not full.',
  why: 'httpd cuts a number of workers that its processes do not make up, with a line in its log that nobody reads.',
  fix: 'Use a multiple of 25, or leave the workers to nettune.',
  source: 'httpd 2.4 manual, mpm_common (AH00515)',
  find: (plan) => {
    const wanted = plan.profile.apache?.maxRequestWorkers;
    const workers = numberFor(plan, 'MaxRequestWorkers');
    if (typeof wanted !== 'number' || workers === undefined || workers >= wanted) return [];
    const threads = numberFor(plan, 'ThreadsPerChild') ?? 1;
    const most = mostServers(plan.profile) * threads;
    const isBeyond = wanted > most;
    return [
      {
        message: isBeyond
          ? `httpd can have ${formatCount(most)} workers at most, and ${formatCount(wanted)} are wanted`
          : `${formatCount(wanted)} workers do not fill processes of ${threads} threads: httpd would have ${formatCount(workers)}`,
        remedy: isBeyond
          ? `lower it to \`${most}\``
          : `use \`${workers}\` or \`${workers + threads}\`, or leave it to nettune`,
        causes: ['apache.maxRequestWorkers', 'apache.mpm'],
        severity: isBeyond ? 'error' : 'warning',
      },
    ];
  },
};
