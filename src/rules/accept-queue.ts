import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { serverOf } from '../roles/server.ts';
import { LONGEST_QUEUE, SHORTEST_QUEUE, sizeAcceptQueue } from '../sizing/accept-queue.ts';
import { isWithin } from '../values/kernel-version.ts';
import { formatCount } from '../values/quantities.ts';
import { type Circumstances, numberOf, type Rule } from './rule.ts';

/** The kernel's own default since 5.4. */
const WITHOUT_FIGURES = 4096;

const FULL_QUEUE =
  'When the SYN queue is full, a cookie answers and the client gets through; without one its SYN is dropped.';

const HALF_OPEN = ', which limits half-open connections while SYN cookies are on; without them this one does.';

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

/** A queue length, in connections. */
interface Queue {
  readonly value: number;
  readonly reason: string;
  readonly causes: readonly string[];
}

/** The queue that a server of this profile needs; or what the profile asks for. */
export function queueOf({ profile, traffic }: Pick<Circumstances, 'profile' | 'traffic'>): Queue {
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
export function grantedQueue(given: Circumstances): Queue {
  const queue = queueOf(given);
  const decided = given.decided('net.core.somaxconn');
  const limit = numberOf(decided) ?? queue.value;
  if (queue.value <= limit) return queue;
  return {
    value: limit,
    reason: `${queue.reason} Cut to net.core.somaxconn, ${formatCount(limit)}.`,
    causes: [...queue.causes, ...(decided?.causes ?? [])],
  };
}

/** The limit is the whole host's: other programs rely on what the kernel grants them. */
function raiseToDefault(queue: Queue, { host }: Circumstances): Queue {
  const row = findParameter('net.core.somaxconn');
  const standard = row && defaultValue(row, host);
  if (typeof standard !== 'number' || queue.value >= standard) return queue;
  return {
    ...queue,
    value: standard,
    reason: `${queue.reason} That is ${formatCount(queue.value)}; the kernel's default of ${formatCount(standard)} stays.`,
  };
}
