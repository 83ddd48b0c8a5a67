import type { Profile } from '#generated/profile.ts';
import { serverOf } from '../roles/server.ts';
import { arrangeWorkers, countFittingWorkers, countSlots, THREADS_PER_CHILD } from '../sizing/apache-workers.ts';
import { IDLE_PER_WORKER } from '../sizing/descriptors.ts';
import { formatCount, formatSize, parseSize } from '../values/quantities.ts';
import { grantedQueue, queueOf } from './accept-queue.ts';
import { type Bound, largestOf, smallestOf } from './bound.ts';
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

/**
 * Each follows from whatever alone would have made it what it is: from one limit of the workers or, since processes are
 * filled, from both; and from the MPM, where another one would have another number.
 */
function proposeWorkers(given: Circumstances): Proposal[] {
  const limits = listLimits(given);
  const byLimit = limits.map((limit) => arrangeFor(limit, given));
  const byMpm = MPMS.map((mpm) => ({ ...given, profile: withMpm(mpm, given.profile) })).map((other) =>
    arrangeFor(smallestOf(...listLimits(other)), other),
  );
  return arrangeFor(smallestOf(...limits), given).map((proposal) => {
    const { parameter, value } = proposal;
    const same = byLimit.flatMap((proposals) =>
      proposals.filter((each) => each.parameter === parameter && each.value === value),
    );
    const isSame = byMpm.every((proposals) =>
      proposals.some((each) => each.parameter === parameter && each.value === value),
    );
    const causes = [...same.flatMap((each) => each.causes), ...(isSame ? [] : ['apache.mpm'])];
    return { ...proposal, causes: [...new Set(causes)] };
  });
}

const MPMS = ['event', 'prefork'] as const;

function withMpm(mpm: (typeof MPMS)[number], profile: Profile): Profile {
  return { ...profile, apache: { ...profile.apache, mpm } };
}

/** Processes and threads for so many workers. */
function arrangeFor({ value: count, reason, causes }: Bound, given: Circumstances): Proposal[] {
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
      reason: `${formatCount(processes)} ${processes === 1 ? 'process' : 'processes'} of ${threadsPerProcess} threads for all workers, doubled: after a graceful reload, old processes keep their slots until their last client is served.`,
      causes,
    },
    {
      parameter: 'ThreadsPerChild',
      value: threadsPerProcess,
      reason:
        threadsPerProcess < THREADS_PER_CHILD
          ? `No more than the ${formatCount(threadsPerProcess)} ${threadsPerProcess === 1 ? 'worker' : 'workers'}, which one process has.`
          : 'Stated because the other limits are multiples of it.',
      causes: threadsPerProcess < THREADS_PER_CHILD ? causes : [],
    },
    workers,
  ];
}

/** What limits the workers: what the profile sets; or what is needed, and the memory. */
function listLimits(given: Circumstances): [Bound, ...Bound[]] {
  const { profile, host } = given;
  const { maxRequestWorkers: wanted, memoryPerWorker } = profile.apache ?? {};
  if (typeof wanted === 'number')
    return [{ value: wanted, reason: 'Set by the profile.', causes: ['apache.maxRequestWorkers'] }];
  const isMeasured = memoryPerWorker !== undefined;
  const fitting = {
    value: Math.max(1, fittingWorkers(given)),
    reason: `Half of ${formatSize(host.memoryBytes)} at ${formatSize(workerBytes(profile))} for each worker${isMeasured ? '' : ', which is usual and was not measured'}.`,
    causes: ['host.memory', ...(isMeasured ? ['apache.memoryPerWorker'] : [])],
  };
  return [neededWorkers(given), fitting];
}

/** As many as connections are open at once, and no fewer than Apache has anyway. */
function neededWorkers({ profile, host }: Circumstances): Bound {
  const open = profile.traffic?.concurrentConnections;
  const enough =
    open === undefined
      ? 'the profile does not say how many connections are open at once'
      : `the ${formatCount(open)} connections open at once need no more`;
  const shipped = {
    value: shippedWorkers({ profile, host }),
    reason: `As many as Apache of ${host.distribution.title} has anyway; ${enough}.`,
    causes: ['host.distribution'],
  };
  if (open === undefined) return shipped;
  const threads = profile.apache?.mpm === 'prefork' ? 1 : THREADS_PER_CHILD;
  const forOpen = {
    value: Math.ceil(open / threads) * threads,
    reason: `One for each of the ${formatCount(open)} connections open at once.`,
    causes: ['traffic.concurrentConnections'],
  };
  return largestOf(forOpen, shipped);
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
