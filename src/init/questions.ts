import type { Filter } from '#generated/profile.ts';
import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { ROLES } from '../roles/roles.ts';
import { quote } from '../text/printable.ts';
import { suggest } from '../text/suggest.ts';
import type { Answer, Fault, Question } from './question.ts';
import { CI_SYSTEMS } from './repository-files.ts';

export const FILTERS = ['none', 'iptables', 'nftables', 'firewalld', 'ufw'] as const satisfies readonly Filter[];

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
    path: ['firewall', 'filter'],
    flags: '--filter <tool>',
    text: `what filters packets on them: one of ${FILTERS.join(', ')}`,
    read: asTyped,
  },
  {
    path: ['traffic', 'ports'],
    flags: '--ports <ports>',
    text: 'TCP ports that they serve, with commas between',
    read: (typed) => readList(typed).map(readCount),
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
  {
    path: ['ci'],
    flags: '--ci <systems>',
    text: 'whose CI checks each change, with commas between; or none',
    choices: CI_SYSTEMS,
    isList: true,
    read: (typed) => (typed === 'none' ? [] : readList(typed)),
    judge: judgeSystems,
  },
];

function asTyped(typed: string): string {
  return typed;
}

function readList(typed: string): string[] {
  return typed.split(',').map((item) => item.trim());
}

/** A number where it is one; anything else stays as it was typed, and the schema says what is wrong with it. */
function readCount(typed: string): number | string {
  return /^\d+$/.test(typed) && Number.isSafeInteger(Number(typed)) ? Number(typed) : typed;
}

function judgeSystems(answer: Answer): Fault | undefined {
  const unknown = [answer].flat().find((name) => !CI_SYSTEMS.some((system) => system === name));
  if (unknown === undefined) return undefined;
  if (unknown === 'none')
    return { message: '`none` stands alone', remedy: 'name systems, or write `none` and nothing else' };
  const remedy = suggest(`${unknown}`, [...CI_SYSTEMS, 'none'], 'valid values are');
  return { message: `${quote(`${unknown}`)} is not known here`, remedy };
}
