import type { Plan } from '../values/plan.ts';

/** A server that takes some of our values only when it starts. */
export interface Service {
  readonly name: string;
  /** Files that are for it, and folders of such files; below /. */
  readonly files: readonly string[];
  /** Says whether the server could start with the configuration that is there now. */
  readonly test: readonly string[];
}

/** The servers of a role: both cut their queue to net.core.somaxconn when they start to listen, and not later. */
export function listServices({ name, role, host }: Plan): Service[] {
  if (role === 'web-server') {
    const { service, snippets, enabled } = host.distribution.apache;
    const test = ['/usr/sbin/apachectl', 'configtest'];
    return [{ name: service, test, files: [snippets, ...(enabled ? [enabled] : []), ...listLimits(service, name)] }];
  }
  const test = ['/usr/sbin/squid', '-k', 'parse'];
  return role === 'squid-proxy' ? [{ name: 'squid', test, files: ['etc/squid', ...listLimits('squid', name)] }] : [];
}

export function isOfService(path: string, { files }: Service): boolean {
  return files.some((file) => path === file || path.startsWith(`${file}/`));
}

/** Where the limits are that a server is started with, with systemd and without. */
function listLimits(service: string, profile: string): string[] {
  return [
    `etc/systemd/system/${service}.service.d`,
    `etc/sysconfig/${service}`,
    `etc/sysconfig/nettune-${profile}.limits`,
  ];
}
