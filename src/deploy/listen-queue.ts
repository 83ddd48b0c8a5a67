import { serverService } from '../distributions/server-service.ts';
import { SQUID_DESCRIPTORS } from '../rules/descriptors.ts';
import { MAXCONN } from '../rules/haproxy-connections.ts';
import { DESCRIPTORS_PER_QUEUE_PLACE } from '../sizing/descriptors.ts';
import { numberFor } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';

/** The accept queue that a server must be seen to have. */
interface ListenQueue {
  /** The server's process, which is named as its service. */
  readonly process: string;
  /** In connections, as `ss` shows it. */
  readonly length: number;
}

/** A server has one of them, or is Squid. */
const ASKED_BY = ['ListenBacklog', 'listen backlog', MAXCONN];

/** What the server asks for, and never more than the kernel's limit; undefined on a host without one. */
export function listenQueue(plan: Plan): ListenQueue | undefined {
  const asked = ASKED_BY.map((parameter) => numberFor(plan, parameter)).find(Boolean) ?? squidQueue(plan);
  const limit = numberFor(plan, 'net.core.somaxconn');
  const process = serverService(plan);
  if (asked === undefined || limit === undefined || process === undefined) return undefined;
  return { process, length: Math.min(asked, limit) };
}

/** Squid asks for a quarter of its descriptors. */
function squidQueue(plan: Plan): number | undefined {
  const descriptors = numberFor(plan, SQUID_DESCRIPTORS);
  return descriptors === undefined ? undefined : Math.floor(descriptors / DESCRIPTORS_PER_QUEUE_PLACE);
}
