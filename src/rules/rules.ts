import { acceptQueue } from './accept-queue.ts';
import { apacheWorkers } from './apache-workers.ts';
import { connectionTable } from './connection-table.ts';
import { conntrackTimeouts } from './conntrack-timeouts.ts';
import { descriptors } from './descriptors.ts';
import { deviceBacklog } from './device-backlog.ts';
import { forwarding } from './forwarding.ts';
import { haproxyConnections } from './haproxy-connections.ts';
import { helpers } from './helpers.ts';
import { keepalive } from './keepalive.ts';
import { neighbours } from './neighbours.ts';
import { nginxConnections } from './nginx-connections.ts';
import { outgoingConnections } from './outgoing-connections.ts';
import { persistentConnections } from './persistent-connections.ts';
import { reservedPorts } from './reserved-ports.ts';
import type { Rule } from './rule.ts';
import { timeWait } from './time-wait.ts';

/** Every rule; a later one may build on what an earlier one decided. */
export const RULES: readonly Rule[] = [
  forwarding,
  helpers,
  conntrackTimeouts,
  connectionTable,
  keepalive,
  deviceBacklog,
  acceptQueue,
  timeWait,
  outgoingConnections,
  reservedPorts,
  neighbours,
  apacheWorkers,
  nginxConnections,
  haproxyConnections,
  descriptors,
  persistentConnections,
];
