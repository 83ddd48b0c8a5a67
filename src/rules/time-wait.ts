import { TIME_WAIT_SECONDS } from '../sizing/busy-ports.ts';
import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { countTimeWait, sizeTimeWait, TIME_WAIT_SHARE, TIME_WAIT_SOCKET_BYTES } from '../sizing/time-wait.ts';
import { type Host, kernelMemory } from '../values/host.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { causesOfHost } from './host-causes.ts';
import { sayShare } from './memory-share.ts';
import { type Circumstances, defaultOf, type Rule } from './rule.ts';

export const TIME_WAIT_SOCKETS = 'net.ipv4.tcp_max_tw_buckets';

/** Room for the sockets in TIME_WAIT, where the kernel's is too small for them. */
export const timeWait: Rule = {
  id: 'time-wait',
  source: 'net/ipv4/tcp_minisocks.c, tcp_time_wait()',
  propose: (given) => {
    const flows = socketFlows(given);
    const rate = flows.reduce((total, { perSecond }) => total + perSecond, 0);
    const standard = defaultOf(TIME_WAIT_SOCKETS, given.host);
    const sockets = countTimeWait(rate);
    if (standard === undefined || withHeadroom(sockets) <= standard) return [];
    const value = sizeTimeWait(rate, kernelMemory(given.host));
    if (value <= standard) return [];
    const memoryBytes = value * TIME_WAIT_SOCKET_BYTES;
    const isCut = value < withHeadroom(sockets);
    const fitting = (host: Host) => sizeTimeWait(Number.MAX_SAFE_INTEGER, kernelMemory(host));
    const room = isCut
      ? `cut to ${formatCount(value)}, which fits ${sayShare(TIME_WAIT_SHARE, given.host)}`
      : 'rounded up to a power of two';
    return [
      {
        parameter: TIME_WAIT_SOCKETS,
        value,
        reason: `${formatCount(rate)} connections/s × ${TIME_WAIT_SECONDS} s = ${formatCount(sockets)} sockets in TIME_WAIT, ${sayWithHeadroom(sockets)}, ${room}. The kernel's default for this amount of memory is ${formatCount(standard)}. Takes ${formatSize(memoryBytes)} when used up.`,
        causes: isCut ? causesOfHost(fitting, given) : causesOfRate(flows),
        price: { memoryBytes },
      },
    ];
  },
};

function causesOfRate(flows: readonly Flow[]): string[] {
  const opening = flows.filter(({ perSecond }) => perSecond > 0);
  return [...new Set(opening.flatMap(({ causes: { perSecond, role } }) => [perSecond, ...(role ? [role] : [])]))];
}

/** Connections that end in a socket of this host: all but those that it forwards. */
export function socketFlows({ traffic }: Pick<Circumstances, 'traffic'>): Flow[] {
  return traffic.flows.filter(({ direction }) => direction !== 'forwarded');
}
