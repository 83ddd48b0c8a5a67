import type { Profile } from '#generated/profile.ts';

/** The program that serves. */
export type Server = 'apache' | 'nginx' | 'haproxy' | 'squid';

/** What serves on a host of this profile; a gateway serves nothing. */
export function serverOf({ role, server }: Pick<Profile, 'role' | 'server'>): Server | undefined {
  if (role === 'nat-gateway') return undefined;
  return role === 'squid-proxy' ? 'squid' : (server ?? 'apache');
}
