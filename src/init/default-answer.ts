import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { parseDocument } from '../parse-document.ts';
import { ROLES } from '../roles/roles.ts';
import { nodeAt, toPlain } from '../values/node.ts';
import { shippedProfile } from '../values/shipped-profile.ts';
import { type Answer, type Answers, keyOf, type Question } from './question.ts';
import { CI_SYSTEMS } from './repository-files.ts';

/** A group of hosts of each role, where nobody has a better name. */
const NAMES: Readonly<Record<string, string>> = {
  'web-server': 'web',
  'squid-proxy': 'proxy',
  'nat-gateway': 'gateway',
};

/** What a host with a process for each connection can have open in 16 GiB. */
const CONNECTIONS_BY_PROCESS = 100;

/**
 * The answer of somebody who has none: what the shipped profile of the role says. Undefined where it says nothing, since
 * the question makes no sense for the role then. `answers` holds those to the questions before this one.
 */
export function defaultAnswer(question: Question, answers: Answers): Answer | undefined {
  const role = String(answers['role'] ?? ROLES[0]?.role);
  const key = keyOf(question);
  if (key === 'role') return role;
  if (key === 'name') return NAMES[role];
  if (key === 'ci') return CI_SYSTEMS;
  const distribution = DISTRIBUTIONS.find(({ id }) => id === answers['host.distribution']);
  if (key === 'firewall.filter' && distribution?.packetRules === 'nftables') return 'firewalld';
  const shipped = shippedProfile(role);
  const root = shipped && parseDocument(shipped).root;
  const node = root && nodeAt(root, question.path);
  if (node && key === 'traffic.concurrentConnections' && role === 'web-server' && enabledMpm(answers) === 'prefork')
    return CONNECTIONS_BY_PROCESS;
  return node && (toPlain(node) as Answer);
}

/** What Apache runs with on the hosts unless somebody has changed it. */
export function enabledMpm(answers: Answers): 'event' | 'prefork' {
  return DISTRIBUTIONS.find(({ id }) => id === answers['host.distribution'])?.apache.enabledMpm ?? 'event';
}
