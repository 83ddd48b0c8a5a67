import { haproxySection } from '../outputs/haproxy.ts';
import { effectOn } from '../parameters/on-kernel.ts';
import { PARAMETERS } from '../parameters/parameters.ts';
import { serverOf } from '../roles/server.ts';
import type { Host } from '../values/host.ts';
import type { Plan } from '../values/plan.ts';

/** The parameters that servers take only when they start to listen: up to 4.3 that of half-open connections is one. */
export function listQueueLimits(host: Host): string[] {
  return PARAMETERS.filter((row) => effectOn(row, host) === 'listen').map(({ name }) => name);
}

/** A server that takes some of our values only when it starts. */
export interface Service {
  readonly name: string;
  /** Files that are for it, and folders of such files; below /. */
  readonly files: readonly string[];
}

/** The server of a profile: each cuts its queue to net.core.somaxconn when it starts to listen, and not later. */
export function listServices(plan: Plan): Service[] {
  const server = serverOf(plan.profile);
  if (server === 'apache') return [apacheService(plan)];
  if (server === 'squid') return [withLimits('squid', plan, ['etc/squid'])];
  if (server === 'nginx') return [withLimits('nginx', plan, [])];
  return server === 'haproxy' ? [haproxyService(plan)] : [];
}

function apacheService(plan: Plan): Service {
  const { service, snippets, enabled } = plan.host.distribution.apache;
  return withLimits(service, plan, enabled ? [snippets, enabled] : [snippets]);
}

function haproxyService(plan: Plan): Service {
  const section = haproxySection(plan);
  return withLimits('haproxy', plan, section ? [section] : []);
}

function withLimits(name: string, plan: Plan, files: readonly string[]): Service {
  return { name, files: [...files, ...listLimits(name, plan.name)] };
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
