import { acceptQueue } from './accept-queue.ts';
import { apacheWorkers } from './apache-workers.ts';
import { connectionReuse } from './connection-reuse.ts';
import { connectionTable } from './connection-table.ts';
import { conntrackTimeouts } from './conntrack-timeouts.ts';
import { forwarding } from './forwarding.ts';
import { keepalive } from './keepalive.ts';
import { reservedPorts } from './reserved-ports.ts';
import type { Rule } from './rule.ts';

/** Every rule; a later one may build on what an earlier one decided. */
export const RULES: readonly Rule[] = [
  forwarding,
  conntrackTimeouts,
  connectionTable,
  keepalive,
  acceptQueue,
  connectionReuse,
  reservedPorts,
  apacheWorkers,
];
