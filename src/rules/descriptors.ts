import { MAX_DESCRIPTORS } from '../parameters/bounds.ts';
import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { serverOf } from '../roles/server.ts';
import {
  BESIDES_CONNECTIONS,
  countApacheDescriptors,
  countSquidDescriptors,
  DESCRIPTORS_PER_PROXIED,
  DESCRIPTORS_PER_QUEUE_PLACE,
  LEAST_FOR_SERVER,
  sizeApacheDescriptors,
  sizeServerDescriptors,
  sizeSquidDescriptors,
} from '../sizing/descriptors.ts';
import { sayWithHeadroom } from '../sizing/headroom.ts';
import { formatCount } from '../values/quantities.ts';
import { queueOf } from './accept-queue.ts';
import { idlePerWorker } from './apache-workers.ts';
import { MAXCONN } from './haproxy-connections.ts';
import { WORKER_CONNECTIONS } from './nginx-connections.ts';
import { type Circumstances, numberInForce, numberOf, type Proposal, type Rule } from './rule.ts';
import { socketFlows } from './time-wait.ts';

export const SQUID_DESCRIPTORS = 'max_filedescriptors';
export const UNIT_DESCRIPTORS = 'LimitNOFILE';
const HIGHEST_LIMIT = 'fs.nr_open';

/** The kernel counts descriptors in whole words of bits: fs/file.c, alloc_fdtable(). */
const HIGHEST_LIMIT_STEP = 64;

/** Every connection is a descriptor: of the process that has it, and below the limit of its unit, and of the kernel. */
export const descriptors: Rule = {
  id: 'descriptors',
  source: 'TcpAcceptor.cc of Squid; httpd manual, event; fs/file.c',
  propose: (given) => {
    const own = proposeFor(given);
    return [...own, ...raiseHighest(own, given)];
  },
};

function proposeFor(given: Circumstances): Proposal[] {
  const server = serverOf(given.profile);
  if (server === 'squid') return proposeForSquid(given);
  if (server === 'nginx') return proposeForProxying(WORKER_CONNECTIONS, 1, given);
  if (server === 'haproxy') return proposeForProxying(MAXCONN, DESCRIPTORS_PER_PROXIED, given);
  return server === 'apache' ? proposeForApache(given) : [];
}

/** So many descriptors for each connection of another parameter, and some for logs, files and listeners. */
function proposeForProxying(parameter: string, each: number, { decided }: Circumstances): Proposal[] {
  const connections = decided(parameter);
  const count = numberOf(connections) ?? 0;
  const value = sizeServerDescriptors(count * each);
  return [
    {
      parameter: UNIT_DESCRIPTORS,
      value,
      reason: `For each process: ${formatCount(count)} of ${parameter} × ${each}, and ${BESIDES_CONNECTIONS} besides, up to a power of two, at least ${formatCount(LEAST_FOR_SERVER)}.`,
      causes: value > LEAST_FOR_SERVER ? (connections?.causes ?? []) : ['role'],
      price: { descriptors: value },
    },
  ];
}

/** Connections that a Squid has open at once, on both sides. */
export function openInSquid(given: Pick<Circumstances, 'traffic'>): number {
  return socketFlows(given).reduce((total, { open }) => total + open, 0);
}

function proposeForSquid(given: Circumstances): Proposal[] {
  const open = openInSquid(given);
  const queue = queueOf(given);
  const wanted = given.profile.squid?.maxFileDescriptors;
  const isSet = typeof wanted === 'number';
  const value = isSet ? wanted : sizeSquidDescriptors(open, queue.value);
  const isByQueue = value > sizeSquidDescriptors(open, 0);
  const causes = isSet ? ['squid.maxFileDescriptors'] : isByQueue ? queue.causes : causesOfOpen(given);
  const reason = isSet
    ? 'Set by the profile.'
    : open === 0
      ? `${sayQueue(queue.value)}${sayGranted(value, given)}`
      : `${formatCount(open)} connections to clients and servers, ${sayWithHeadroom(open)}, and ${BESIDES_CONNECTIONS} besides: ${formatCount(countSquidDescriptors(open))}. ${sayQueue(queue.value)} Rounded up to a power of two.${sayGranted(value, given)}`;
  const price = { descriptors: value };
  return [
    { parameter: SQUID_DESCRIPTORS, value, reason, causes, price },
    {
      parameter: UNIT_DESCRIPTORS,
      value,
      reason: `As many as ${SQUID_DESCRIPTORS}, ${formatCount(value)}: Squid cannot have more than it is started with.`,
      causes,
      price,
    },
  ];
}

function causesOfOpen(given: Circumstances): string[] {
  const flows = socketFlows(given).filter(({ open }) => open > 0);
  return [...new Set(flows.flatMap(({ causes: { open, role } }) => [open, ...(role ? [role] : [])]))];
}

function sayQueue(places: number): string {
  return `Squid's accept queue is a quarter of it, and ${formatCount(places)} places take ${formatCount(places * DESCRIPTORS_PER_QUEUE_PLACE)}.`;
}

/** A longer queue than the kernel grants is no fault: it is as long as it has to be. */
function sayGranted(descriptors: number, given: Circumstances): string {
  const asked = descriptors / DESCRIPTORS_PER_QUEUE_PLACE;
  const granted = numberInForce('net.core.somaxconn', given);
  return granted === undefined || asked <= granted
    ? ''
    : ` Of the ${formatCount(asked)} places that it asks for, net.core.somaxconn grants ${formatCount(granted)}.`;
}

function proposeForApache(given: Circumstances): Proposal[] {
  const threads = numberOf(given.decided('ThreadsPerChild')) ?? 1;
  const idle = idlePerWorker(given.profile);
  const value = sizeApacheDescriptors(threads, idle);
  const needed = countApacheDescriptors(threads, idle);
  const each = idle > 0 ? `a connection, ${idle} that idle and a file` : 'a connection and a file';
  return [
    {
      parameter: UNIT_DESCRIPTORS,
      value,
      reason: `For each process: ${formatCount(threads)} × (${each}) + ${BESIDES_CONNECTIONS} for logs and modules = ${formatCount(needed)}; at least ${formatCount(LEAST_FOR_SERVER)}, what Debian gives it.`,
      causes:
        value > LEAST_FOR_SERVER
          ? [...new Set(['apache.mpm', ...(given.decided('ThreadsPerChild')?.causes ?? [])])]
          : ['role'],
      price: { descriptors: value },
    },
  ];
}

/** The kernel's own limit for a process, where a unit wants more. */
function raiseHighest(proposals: readonly Proposal[], { host }: Circumstances): Proposal[] {
  const unit = proposals.find(({ parameter }) => parameter === UNIT_DESCRIPTORS);
  const row = findParameter(HIGHEST_LIMIT);
  const standard = row && defaultValue(row, host);
  if (typeof unit?.value !== 'number' || typeof standard !== 'number' || unit.value <= standard) return [];
  const { value, causes } = unit;
  const reason = `A unit whose ${UNIT_DESCRIPTORS} is higher does not start: ${formatCount(value)}, up to a multiple of ${HIGHEST_LIMIT_STEP}. The kernel's default is ${formatCount(standard)}.`;
  return [
    {
      parameter: HIGHEST_LIMIT,
      value: Math.min(MAX_DESCRIPTORS, Math.ceil(value / HIGHEST_LIMIT_STEP) * HIGHEST_LIMIT_STEP),
      reason,
      causes,
    },
  ];
}
