import type { Artifact } from '../values/artifact.ts';
import type { Plan } from '../values/plan.ts';

/** A symbolic link that makes a file count. */
export interface Link {
  /** Below /. */
  readonly path: string;
  /** As the distribution's own tool writes it. */
  readonly to: string;
}

const UNITS = 'etc/systemd/system';

/** What `a2enconf`, `systemctl enable` and `chkconfig --add` would make. */
export function listLinks(plan: Plan, carried: readonly Artifact[]): Link[] {
  return carried.flatMap((artifact) => [
    ...linkSnippet(artifact, plan),
    ...linkUnit(artifact),
    ...linkScript(artifact),
  ]);
}

function linkSnippet({ path }: Artifact, { host }: Plan): Link[] {
  const { snippets, enabled } = host.distribution.apache;
  if (!enabled || !path.startsWith(`${snippets}/`)) return [];
  const file = path.slice(snippets.length + 1);
  return [{ path: `${enabled}/${file}`, to: `../${snippets.slice(snippets.lastIndexOf('/') + 1)}/${file}` }];
}

/** One for each unit that wants it: the boot's target, and what it has to be started with. */
function linkUnit({ path, content }: Artifact): Link[] {
  const unit = unitAt(path);
  if (!unit) return [];
  const wanting = [...content.matchAll(/^WantedBy=(.+)$/gm)].flatMap(([, units = '']) => units.trim().split(/\s+/));
  return wanting.map((other) => ({ path: `${UNITS}/${other}.wants/${unit}`, to: `/${path}` }));
}

const RUNLEVELS = ['0', '1', '2', '3', '4', '5', '6'];

/** Where its line for chkconfig says: runlevels that start it, its number there, and its number in those that stop it. */
function linkScript({ path, content }: Artifact): Link[] {
  const script = scriptAt(path);
  const [, starting = '', start, stop] = /^# chkconfig: (\d+) (\d+) (\d+)$/m.exec(content) ?? [];
  if (!script) return [];
  return RUNLEVELS.map((level) => ({
    path: `etc/rc.d/rc${level}.d/${starting.includes(level) ? `S${start}` : `K${stop}`}${script}`,
    to: `../init.d/${script}`,
  }));
}

/** The name of the init script that a path, below /, holds. */
export function scriptAt(path: string): string | undefined {
  return /^etc\/rc\.d\/init\.d\/([^/]+)$/.exec(path)?.[1];
}

/** The name of the service unit that a path, below /, holds. */
export function unitAt(path: string): string | undefined {
  return /^etc\/systemd\/system\/([^/]+\.service)$/.exec(path)?.[1];
}
