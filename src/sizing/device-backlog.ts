import { powerOfTwo } from '../values/quantities.ts';

/** The kernel's default of netdev_max_backlog, in packets. */
const DEFAULT = 1000;

/** Longer queues are only latency. */
const MOST = 2 ** 19;

/** A processor that is busy elsewhere comes back to its queue within a tick, 10 ms with HZ=100. */
const ABSENCE_SECONDS = 0.01;

/**
 * `netdev_max_backlog`: what arrives while the processor is away for 10 ms, a power of two. Undefined where the default
 * suffices. The queue is only used by RPS and by virtual devices; a card's own driver does not know it.
 * Source: net/core/dev.c, enqueue_to_backlog().
 */
export function sizeDeviceBacklog(packetsPerSecond: number): number | undefined {
  const arriving = Math.ceil(packetsPerSecond * ABSENCE_SECONDS);
  return arriving > DEFAULT ? Math.min(MOST, powerOfTwo(arriving)) : undefined;
}
