import { sizeDeviceBacklog } from '../sizing/device-backlog.ts';
import { formatCount } from '../values/quantities.ts';
import type { Rule } from './rule.ts';

/** The queue between device and processor: raised for a packet rate, and never without one. */
export const deviceBacklog: Rule = {
  id: 'device-backlog',
  source: 'net/core/dev.c, enqueue_to_backlog(); docs/how-to/syn-flooding.md',
  propose: ({ traffic: { packetsPerSecond } }) => {
    const value = sizeDeviceBacklog(packetsPerSecond);
    if (value === undefined) return [];
    return [
      {
        parameter: 'net.core.netdev_max_backlog',
        value,
        reason: `${formatCount(packetsPerSecond)} packets/s × 10 ms, for which a processor may be busy elsewhere, rounded up to a power of two. Only RPS and virtual devices use this queue.`,
        causes: ['traffic.packetsPerSecond'],
      },
    ];
  },
};
