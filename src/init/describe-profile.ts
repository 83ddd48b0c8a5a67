import { stringify } from 'yaml';
import type { View } from '../outputs/output.ts';
import { enabledMpm } from './default-answer.ts';
import { proposeTracking } from './propose-tracking.ts';
import type { Answer, Answers } from './question.ts';

/** How an httpd with each module uses memory, as the schema says of `apache.memoryPerWorker`. */
const WORKERS = {
  event: { memoryPerWorker: '2MiB', workers: 'threads' },
  prefork: { memoryPerWorker: '64MiB', workers: 'number' },
} as const;

/** What templates name of the profile: the answers as YAML spells them, and what follows from them. */
export function describeProfile(answers: Answers): View {
  const mpm = enabledMpm(answers);
  const written = (key: string) => writeYaml(answers[key] ?? '');
  const name = String(answers['name']);
  return {
    name,
    group: name.replaceAll('-', '_'),
    writtenName: written('name'),
    distribution: written('host.distribution'),
    memory: written('host.memory'),
    filter: written('firewall.filter'),
    ports: written('traffic.ports'),
    connectionsPerSecond: written('traffic.connectionsPerSecond'),
    concurrentConnections: written('traffic.concurrentConnections'),
    mpm,
    ...WORKERS[mpm],
    ...proposeTracking(answers),
  };
}

/** In quotes where YAML would read something else, such as a profile of the name `null`. */
function writeYaml(answer: Answer): string {
  if (Array.isArray(answer)) return `[${answer.map(writeYaml).join(', ')}]`;
  return stringify(answer).trimEnd();
}
