import type { Artifact } from '../values/artifact.ts';
import type { Restart } from '../values/comparison.ts';
import { decisionOn } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import { withoutMachine } from '../values/machine-folder.ts';
import type { Plan } from '../values/plan.ts';
import { listLinks } from './enabling-links.ts';
import { listForeignLines } from './foreign-lines.ts';
import { isOfService, listQueueLimits, listServices } from './restarted-services.ts';

/** A plan and its artifacts, or neither. */
export interface Deployed {
  readonly plan: Plan;
  readonly artifacts: readonly Artifact[];
}

/**
 * What nettune-host restarts on a host that has the one plan and gets the other: servers of either whose files, links or lines
 * differ in more than comments, and the server whose queue has another limit.
 */
export function listRestarts(before: Deployed | undefined, after: Deployed | undefined): Restart[] {
  const sides = [before, after].flatMap((side) => side ?? []);
  const paths = differing(before && listPaths(before), after && listPaths(after)).map(
    (key) => key.split(' ', 1)[0] ?? '',
  );
  const limits = [...new Set(sides.flatMap(({ plan }) => listQueueLimits(plan.host)))].filter(
    (name) => writtenValue(name, before) !== writtenValue(name, after),
  );
  const services = new Map(sides.flatMap(({ plan }) => listServices(plan)).map((service) => [service.name, service]));
  return [...services.values()].flatMap((service) => {
    const own = sides.flatMap(({ plan }) => listServices(plan)).filter(({ name }) => name === service.name);
    const files = [...new Set(paths.filter((path) => own.some((each) => isOfService(path, each))))];
    const because = [...limits, ...files.map((path) => `/${path}`)];
    return because.length > 0 ? [{ service: service.name, because }] : [];
  });
}

/** Whatever a host has of a plan outside the running kernel: a path, and what makes it differ. */
function listPaths({ plan, artifacts }: Deployed): string[] {
  const carried = artifacts
    .map((artifact) => ({ ...artifact, path: withoutMachine(artifact.path.slice(plan.name.length + 1)) }))
    .filter(({ path }) => path.startsWith('etc/'));
  return [
    ...carried.map(({ path, mode, content }) => `${path} ${mode} ${withoutComments(content)}`),
    ...listLinks(plan, carried).map(({ path, to }) => `${path} ${to}`),
    ...listForeignLines(plan).map(({ path, line }) => `${path} ${line}`),
  ];
}

/** As sum_uncommented in templates/host/parts/files.sh, of files that no packet rule stands in. */
function withoutComments(content: string): string {
  return content.replace(/^ *#( .*[^\\\n])?\n/gm, '');
}

function differing(before: readonly string[] = [], after: readonly string[] = []): string[] {
  const both = new Set(before.filter((key) => after.includes(key)));
  return [...before, ...after].filter((key) => !both.has(key));
}

function writtenValue(name: string, side: Deployed | undefined): string | undefined {
  const decision = side && decisionOn(side.plan, name);
  return decision && formatValue(decision.value);
}
