import { haproxyFile } from '../outputs/haproxy.ts';
import { serverOf } from '../roles/server.ts';
import type { Plan } from '../values/plan.ts';

/** A server that takes some of our values only when it starts. */
export interface Service {
  readonly name: string;
  /** Beginnings of the paths, below /, of the files that are for it. */
  readonly files: readonly string[];
  /** Says whether the server could start with the configuration that is there now. */
  readonly test: readonly string[];
}

/** The server of a profile: each cuts its queue to net.core.somaxconn when it starts to listen, and not later. */
export function listServices(plan: Plan): Service[] {
  const server = serverOf(plan.profile);
  if (server === 'apache') return [apacheService(plan)];
  if (server === 'squid') return [withDropIns('squid', ['/usr/sbin/squid', '-k', 'parse'], ['etc/squid'])];
  if (server === 'nginx') return [withDropIns('nginx', ['/usr/sbin/nginx', '-t'], [])];
  return server === 'haproxy' ? [haproxyService(plan)] : [];
}

function apacheService({ host }: Plan): Service {
  const { service, snippets, enabled } = host.distribution.apache;
  return withDropIns(service, ['/usr/sbin/apachectl', 'configtest'], enabled ? [snippets, enabled] : [snippets]);
}

function haproxyService(plan: Plan): Service {
  const test = ['/usr/sbin/haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg', '-f', `/${haproxyFile(plan)}`];
  return withDropIns('haproxy', test, ['etc/haproxy']);
}

export function isOfService(path: string, { files }: Service): boolean {
  return files.some((beginning) => path.startsWith(`${beginning}/`));
}

function withDropIns(name: string, test: readonly string[], folders: readonly string[]): Service {
  return { name, test, files: [...folders, `etc/systemd/system/${name}.service.d`] };
}
