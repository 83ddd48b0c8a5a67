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

/** What `a2enconf` and `systemctl enable` would make. */
export function listLinks(plan: Plan, carried: readonly Artifact[]): Link[] {
  return carried.flatMap((artifact) => [...linkSnippet(artifact, plan), ...linkUnit(artifact)]);
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

/** The name of the service unit that a path, below /, holds. */
export function unitAt(path: string): string | undefined {
  return /^etc\/systemd\/system\/([^/]+\.service)$/.exec(path)?.[1];
}
