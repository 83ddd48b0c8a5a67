import type { Profile } from '#generated/profile.ts';
import { serverOf } from '../roles/server.ts';
import { arrangeWorkers, countFittingWorkers, countSlots, THREADS_PER_CHILD } from '../sizing/apache-workers.ts';
import { IDLE_PER_WORKER } from '../sizing/descriptors.ts';
import { formatCount, formatSize, parseSize } from '../values/quantities.ts';
import { grantedQueue, queueOf } from './accept-queue.ts';
import type { Circumstances, Proposal, Rule } from './rule.ts';

/** Connections that idle beside each worker: only the event MPM lets go of a worker for them. */
export function idlePerWorker({ apache }: Profile): number {
  return (apache?.mpm ?? 'event') === 'event' ? IDLE_PER_WORKER : 0;
}

/** No more processes than httpd can be told of: 200,000 with prefork, 20,000 with the others. */
export function mostServers({ apache }: Profile): number {
  return apache?.mpm === 'prefork' ? 200_000 : 20_000;
}

/** Apache's queue and workers. ServerLimit always goes with MaxRequestWorkers, which is cut in silence otherwise. */
export const apacheWorkers: Rule = {
  id: 'apache-workers',
  source: 'httpd 2.4 manual, mpm_common',
  propose: (given) => (serverOf(given.profile) === 'apache' ? [proposeBacklog(given), ...proposeWorkers(given)] : []),
};

/** What the profile insists on stays as it is, and a check reports what the kernel would cut. */
function proposeBacklog(given: Circumstances): Proposal {
  const isSet = typeof given.profile.apache?.listenBacklog === 'number';
  if (isSet) return { ...queueOf(given), parameter: 'ListenBacklog', reason: 'Set by the profile.' };
  const queue = grantedQueue(given);
  return { ...queue, parameter: 'ListenBacklog', reason: `${queue.reason} The server's default is 511.` };
}

function proposeWorkers(given: Circumstances): Proposal[] {
  const { count, reason, causes } = countWorkers(given);
  const isPrefork = given.profile.apache?.mpm === 'prefork';
  const most = mostServers(given.profile);
  const { processes, threadsPerProcess } = arrangeWorkers(count, isPrefork ? 1 : THREADS_PER_CHILD, most);
  const value = processes * threadsPerProcess;
  const cut =
    processes === most ? `which ${formatCount(most)} processes make up` : `to fill processes of ${threadsPerProcess}`;
  const changed = value < count ? ` ${formatCount(count)}, cut to ${formatCount(value)} ${cut}.` : '';
  const price = { memoryBytes: value * workerBytes(given.profile) };
  const workers: Proposal = { parameter: 'MaxRequestWorkers', value, reason: `${reason}${changed}`, causes, price };
  if (isPrefork)
    return [
      {
        parameter: 'ServerLimit',
        value: processes,
        reason: `One process for each of the ${formatCount(value)} workers.`,
        causes,
      },
      workers,
    ];
  return [
    {
      parameter: 'ServerLimit',
      value: countSlots(processes, most),
      reason: `${formatCount(processes)} ${processes === 1 ? 'process' : 'processes'} of ${threadsPerProcess} threads for all workers, and as many slots again: after a reload, processes that still serve somebody keep theirs, and new ones could not start.`,
      causes,
    },
    {
      parameter: 'ThreadsPerChild',
      value: threadsPerProcess,
      reason: 'Stated because the other limits are multiples of it.',
      causes: threadsPerProcess < THREADS_PER_CHILD ? causes : ['apache.mpm'],
    },
    workers,
  ];
}

function countWorkers(given: Circumstances): { count: number; reason: string; causes: string[] } {
  const { profile, host } = given;
  const wanted = profile.apache?.maxRequestWorkers;
  if (typeof wanted === 'number')
    return { count: wanted, reason: 'Set by the profile.', causes: ['apache.maxRequestWorkers'] };
  const fitting = fittingWorkers(given);
  const shipped = shippedWorkers(given);
  const threads = profile.apache?.mpm === 'prefork' ? 1 : THREADS_PER_CHILD;
  const connections = profile.traffic?.concurrentConnections;
  const open = Math.ceil((connections ?? 0) / threads) * threads;
  if (Math.max(open, shipped) > fitting) return { count: Math.max(1, fitting), ...whyFitting(given) };
  if (connections !== undefined && open >= shipped)
    return {
      count: open,
      reason: `One for each of the ${formatCount(connections)} connections open at once.`,
      causes: ['traffic.concurrentConnections'],
    };
  const enough =
    connections === undefined
      ? 'the profile does not say how many connections are open at once'
      : `the ${formatCount(connections)} connections open at once need no more`;
  return {
    count: shipped,
    reason: `As many as Apache of ${host.distribution.title} has anyway; ${enough}.`,
    causes: ['host.distribution', 'apache.mpm'],
  };
}

function whyFitting({ profile, host }: Circumstances): { reason: string; causes: string[] } {
  const isMeasured = profile.apache?.memoryPerWorker !== undefined;
  return {
    reason: `Half of ${formatSize(host.memoryBytes)} at ${formatSize(workerBytes(profile))} for each worker${isMeasured ? '' : ', which is usual and was not measured'}.`,
    causes: ['host.memory', isMeasured ? 'apache.memoryPerWorker' : 'apache.mpm'],
  };
}

/** Workers that Apache of the distribution has when nobody says otherwise. */
export function shippedWorkers({ profile, host }: Pick<Circumstances, 'profile' | 'host'>): number {
  return host.distribution.apache.shippedWorkers[profile.apache?.mpm ?? 'event'];
}

/** Workers for which there is memory. */
export function fittingWorkers({ profile, host }: Pick<Circumstances, 'profile' | 'host'>): number {
  return countFittingWorkers(host.memoryBytes, workerBytes(profile));
}

/**
 * Bytes of a worker: as measured, or what is usual. A thread took 0.5 MiB at most (bench/workers.md), and may keep 2 MiB
 * of what it freed (MaxMemFree, httpd 2.4 manual); in a process of prefork there is an interpreter as a rule.
 */
export function workerBytes({ apache }: Profile): number {
  return parseSize(apache?.memoryPerWorker ?? (apache?.mpm === 'prefork' ? '64MiB' : '2MiB'));
}
