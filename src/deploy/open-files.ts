import { serverService } from '../distributions/server-service.ts';
import { UNIT_DESCRIPTORS } from '../rules/descriptors.ts';
import { MAXCONN } from '../rules/haproxy-connections.ts';
import { DESCRIPTORS_PER_PROXIED } from '../sizing/descriptors.ts';
import { numberFor } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';

/** How many files each process of a server must at least be seen to be allowed. */
interface OpenFiles {
  /** The server's processes, which are named as its service. */
  readonly process: string;
  readonly least: number;
}

/**
 * The limit of the unit, which every process inherits; undefined on a host without a server. HAProxy before 2.0 lowers it
 * to what its connections need.
 */
export function openFiles(plan: Plan): OpenFiles | undefined {
  const limit = numberFor(plan, UNIT_DESCRIPTORS);
  const process = serverService(plan);
  if (limit === undefined || process === undefined) return undefined;
  const connections = numberFor(plan, MAXCONN) ?? limit;
  return { process, least: Math.min(limit, connections * DESCRIPTORS_PER_PROXIED) };
}
