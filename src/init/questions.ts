import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { ROLES } from '../roles/roles.ts';
import type { Question } from './question.ts';

/** Every question, in the order in which they are asked. One that the shipped profile of the role does not answer is left out. */
export const QUESTIONS: readonly Question[] = [
  {
    path: ['role'],
    text: `what the hosts are for: one of ${ROLES.map(({ role }) => role).join(', ')}`,
    read: asTyped,
  },
  { path: ['name'], flags: '--name <name>', text: 'name of the profile, and of the group of hosts', read: asTyped },
  {
    path: ['host', 'distribution'],
    flags: '--distribution <id>',
    text: 'distribution of the hosts, such as debian-12 or rocky-9',
    choices: DISTRIBUTIONS.map(({ id }) => id),
    read: asTyped,
  },
  {
    path: ['host', 'memory'],
    flags: '--memory <size>',
    text: 'memory of the smallest of them, such as 16GiB',
    read: asTyped,
  },
  {
    path: ['traffic', 'ports'],
    flags: '--ports <ports>',
    text: 'TCP ports that they serve, with commas between',
    read: (typed) => typed.split(',').map((port) => readCount(port.trim())),
  },
  {
    path: ['traffic', 'connectionsPerSecond'],
    flags: '--connections-per-second <count>',
    text: 'new connections per second of one of them, at its peak',
    read: readCount,
  },
  {
    path: ['traffic', 'concurrentConnections'],
    flags: '--concurrent-connections <count>',
    text: 'connections of one of them that are open at once, at its peak',
    read: readCount,
  },
];

function asTyped(typed: string): string {
  return typed;
}

/** A number where it is one; anything else stays as it was typed, and the schema says what is wrong with it. */
function readCount(typed: string): number | string {
  return /^\d+$/.test(typed) ? Number(typed) : typed;
}
