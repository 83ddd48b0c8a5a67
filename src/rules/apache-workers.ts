import { formatCount, formatSize, parseSize } from '../values/quantities.ts';
import { sizeAcceptQueue } from './accept-queue.ts';
import type { Circumstances, Proposal, Rule } from './rule.ts';

/** httpd's default, and small enough for ThreadLimit's default of 64. */
const THREADS_PER_CHILD = 25;

/** The rest is for the kernel, its page cache and other programs. */
const MEMORY_SHARE = 0.5;

/** No more processes than httpd can be told of. */
const MOST_SERVERS = 20000;

/** Apache's queue and workers. ServerLimit always goes with MaxRequestWorkers, which is cut in silence otherwise. */
export const apacheWorkers: Rule = {
  id: 'apache-workers',
  propose: (given) => (given.role.role === 'web-server' ? [proposeBacklog(given), ...proposeWorkers(given)] : []),
};

/** No longer than net.core.somaxconn, which would cut it in silence; unless the profile insists, which a check reports. */
function proposeBacklog(given: Circumstances): Proposal {
  const queue = sizeAcceptQueue(given);
  const limit = Number(given.decided('net.core.somaxconn'));
  const isSet = typeof given.profile.apache?.listenBacklog === 'number';
  if (isSet) return { ...queue, parameter: 'ListenBacklog', reason: 'Set by the profile.' };
  const cut = queue.value > limit ? ` Cut to net.core.somaxconn, ${formatCount(limit)}.` : '';
  return {
    ...queue,
    parameter: 'ListenBacklog',
    value: Math.min(queue.value, limit),
    reason: `${queue.reason}${cut} The server's default is 511.`,
  };
}

function proposeWorkers(given: Circumstances): Proposal[] {
  const threads = given.profile.apache?.mpm === 'prefork' ? 1 : THREADS_PER_CHILD;
  const { count, reason, causes } = countWorkers(given);
  const servers = Math.min(MOST_SERVERS, Math.max(1, Math.ceil(count / threads)));
  const workers: Proposal = { parameter: 'MaxRequestWorkers', value: servers * threads, reason, causes };
  if (threads === 1)
    return [{ parameter: 'ServerLimit', value: servers, reason: 'One process for each worker.', causes }, workers];
  return [
    {
      parameter: 'ServerLimit',
      value: servers,
      reason: `Processes of ${threads} threads that all workers need.`,
      causes,
    },
    {
      parameter: 'ThreadsPerChild',
      value: threads,
      reason: "The server's default, stated because the other limits are multiples of it.",
      causes: ['apache.mpm'],
    },
    { ...workers, reason: `${reason} A multiple of ${threads}, since the rest would be cut off.` },
  ];
}

function countWorkers({ profile, host }: Circumstances): { count: number; reason: string; causes: string[] } {
  const wanted = profile.apache?.maxRequestWorkers;
  if (typeof wanted === 'number')
    return { count: wanted, reason: 'Set by the profile.', causes: ['apache.maxRequestWorkers'] };
  const perWorker = profile.apache?.memoryPerWorker ?? '12MiB';
  const fitting = Math.floor((host.memoryBytes * MEMORY_SHARE) / parseSize(perWorker));
  const open = profile.traffic?.concurrentConnections ?? fitting;
  if (open < fitting)
    return {
      count: open,
      reason: `One for each of ${formatCount(open)} connections open at once.`,
      causes: ['traffic.concurrentConnections'],
    };
  const reason = `Half of ${formatSize(host.memoryBytes)} at ${perWorker} for each worker.`;
  return { count: fitting, reason, causes: ['host.memory', 'apache.memoryPerWorker'] };
}
