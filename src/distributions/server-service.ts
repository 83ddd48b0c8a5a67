import { serverOf } from '../roles/server.ts';
import type { Plan } from '../values/plan.ts';

/** The service that serves, as the distribution calls it; a gateway has none. */
export function serverService({ profile, host }: Pick<Plan, 'profile' | 'host'>): string | undefined {
  const server = serverOf(profile);
  return server === 'apache' ? host.distribution.apache.service : server;
}
