import type { Plan } from '../values/plan.ts';

/** A server that takes some of our values only when it starts. */
export interface Service {
  readonly name: string;
  /** Beginnings of the paths, below /, of the files that are for it. */
  readonly files: readonly string[];
  /** Says whether the server could start with the configuration that is there now. */
  readonly test: readonly string[];
}

/** The servers of a role: both cut their queue to net.core.somaxconn when they start to listen, and not later. */
export function listServices({ role, host }: Plan): Service[] {
  if (role === 'web-server') {
    const { service, snippets, enabled } = host.distribution.apache;
    return [withDropIns(service, ['/usr/sbin/apachectl', 'configtest'], enabled ? [snippets, enabled] : [snippets])];
  }
  return role === 'squid-proxy' ? [withDropIns('squid', ['/usr/sbin/squid', '-k', 'parse'], ['etc/squid'])] : [];
}

export function isOfService(path: string, { files }: Service): boolean {
  return files.some((beginning) => path.startsWith(`${beginning}/`));
}

function withDropIns(name: string, test: readonly string[], folders: readonly string[]): Service {
  return { name, test, files: [...folders, `etc/systemd/system/${name}.service.d`] };
}
