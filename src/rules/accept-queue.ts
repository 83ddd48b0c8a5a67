import { serverOf } from '../roles/server.ts';
import { LONGEST_QUEUE, SHORTEST_QUEUE, sizeAcceptQueue } from '../sizing/accept-queue.ts';
import type { Host } from '../values/host.ts';
import { isWithin } from '../values/kernel-version.ts';
import { formatCount } from '../values/quantities.ts';
import { type Bound, largestOf, smallestOf } from './bound.ts';
import { causesOfHost } from './host-causes.ts';
import { type Circumstances, defaultOf, numberOf, type Rule } from './rule.ts';

/** The kernel's own default since 5.4. */
const WITHOUT_FIGURES = 4096;

const FULL_QUEUE =
  'When the SYN queue is full, a cookie answers and the client gets through; without one its SYN is dropped.';

const HALF_OPEN = '. somaxconn is the real limit while SYN cookies are on; without cookies this value is.';

const HALF_OPEN_BEFORE_4_4 = ': on this kernel the smaller of the two limits half-open connections.';

/** Accept queue and SYN queue together, from one figure. Which of the two limits half-open connections depends on the kernel. */
export const acceptQueue: Rule = {
  id: 'accept-queue',
  source: 'net/ipv4/tcp_input.c, inet_connection_sock.c; docs/how-to/syn-flooding.md',
  propose: (given) => {
    if (!given.role.serves) return [];
    const { value, reason, causes } = raiseToDefault(queueOf(given), given);
    const granted = numberOf(given.decided('net.core.somaxconn')) ?? value;
    return [
      { parameter: 'net.core.somaxconn', value, reason: `${reason} Taken when a server starts.`, causes },
      {
        parameter: 'net.ipv4.tcp_max_syn_backlog',
        value: granted,
        reason: `Equal to net.core.somaxconn, ${formatCount(granted)}${isWithin(given.host.kernel, { since: '4.4' }) ? HALF_OPEN : HALF_OPEN_BEFORE_4_4}`,
        causes: given.decided('net.core.somaxconn')?.causes ?? causes,
      },
      { parameter: 'net.ipv4.tcp_syncookies', value: 1, reason: FULL_QUEUE, causes: ['role'] },
    ];
  },
};

/** The queue that a server of this profile needs; or what the profile asks for. */
export function queueOf({ profile, traffic }: Pick<Circumstances, 'profile' | 'traffic'>): Bound {
  const rate = traffic.flows.find(({ direction }) => direction === 'inbound')?.perSecond ?? 0;
  const wanted = serverOf(profile) === 'apache' ? profile.apache?.listenBacklog : undefined;
  if (typeof wanted === 'number')
    return {
      value: wanted,
      reason: 'As long as the listen backlog that the profile asks for.',
      causes: ['apache.listenBacklog'],
    };
  if (rate === 0)
    return { value: WITHOUT_FIGURES, reason: "No traffic figures: the kernel's default since 5.4.", causes: [] };
  const reason = `One second of new connections (${formatCount(rate)}), rounded up to a power of two between ${formatCount(SHORTEST_QUEUE)} and ${formatCount(LONGEST_QUEUE)}.`;
  return { value: sizeAcceptQueue(rate), reason, causes: ['traffic.connectionsPerSecond'] };
}

/** No longer than net.core.somaxconn, which would cut it in silence. */
export function grantedQueue(given: Circumstances): Bound {
  const queue = queueOf(given);
  const decided = given.decided('net.core.somaxconn');
  const limit = numberOf(decided) ?? queue.value;
  const reason = `${queue.reason} Cut to net.core.somaxconn, ${formatCount(limit)}.`;
  return smallestOf(queue, { value: limit, reason, causes: decided?.causes ?? [] });
}

/** The limit is the whole host's: other programs rely on what the kernel grants them. */
function raiseToDefault(queue: Bound, given: Circumstances): Bound {
  const standard = (host: Host) => defaultOf('net.core.somaxconn', host) ?? 0;
  const value = standard(given.host);
  const reason = `The kernel's default of ${formatCount(value)}, because less is needed: ${formatCount(queue.value)}. ${queue.reason}`;
  return largestOf(queue, { value, reason, causes: causesOfHost(standard, given) });
}
