import type { Plan } from '../values/plan.ts';

/** The service that a role is about, as the distribution calls it; a gateway has none. */
export function serverService({ role, host }: Pick<Plan, 'role' | 'host'>): string | undefined {
  if (role === 'nat-gateway') return undefined;
  return role === 'web-server' ? host.distribution.apache.service : 'squid';
}
