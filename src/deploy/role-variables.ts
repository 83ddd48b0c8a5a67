import type { View } from '../outputs/output.ts';
import { isSysctl } from '../outputs/sysctl.ts';
import { findParameter } from '../parameters/parameters.ts';
import { modulesToLoad } from '../rules/tracking.ts';
import type { Artifact } from '../values/artifact.ts';
import type { Plan } from '../values/plan.ts';
import { ansibleFamily } from './ansible-family.ts';
import { listLinks, unitAt } from './enabling-links.ts';
import { listForeignLines } from './foreign-lines.ts';
import { leastMemory } from './least-memory.ts';
import { listenQueue } from './listen-queue.ts';
import { readBack } from './read-back.ts';
import { isOfService, listServices } from './restarted-services.ts';

const MIB = 2 ** 20;

/** The plan as data for the tasks: every text is quoted, and none of them is one that a profile is free to choose. */
export function describePlan(plan: Plan, carried: readonly Artifact[]): View {
  const services = listServices(plan);
  const links = listLinks(plan, carried);
  const restarts = (path: string) => String(services.some((service) => isOfService(path, service)));
  return {
    id: plan.name.replaceAll('-', '_'),
    host: describeHost(plan),
    files: list(
      carried.map(({ path, mode }) => ({
        path: quoted(path),
        mode: quoted(`0${mode.toString(8)}`),
        restarts: restarts(path),
      })),
    ),
    links: list(links.map(({ path, to }) => ({ path: quoted(`/${path}`), to: quoted(to), restarts: restarts(path) }))),
    lines: list(
      listForeignLines(plan).map(({ path, line }) => ({
        path: quoted(`/${path}`),
        line: quoted(line),
        restarts: restarts(path),
      })),
    ),
    folders: list(
      unique([...carried, ...links].map(({ path }) => folderOf(path))).map((folder) => ({
        folder: quoted(`/${folder}`),
      })),
    ),
    modules: list(modulesToLoad(plan).map((module) => ({ module: quoted(module) }))),
    options: map(describeOptions(plan)),
    sysctlFile: quoted(carried.find(({ output }) => output === 'sysctl')?.path ?? ''),
    sysctl: map(
      plan.decisions
        .filter(isSysctl)
        .map((decision) => ({ name: quoted(decision.spelling), value: quoted(readBack(decision, plan)) })),
    ),
    services: list(services.map(({ name, test }) => ({ name: quoted(name), test: test.map(quoted).join(', ') }))),
    queues: map(describeQueues(plan)),
    units: list(describeUnits(plan, carried)),
  };
}

/** A text or number as YAML spells it on one line; JSON is YAML. */
export const quoted = (value: string | number): string => JSON.stringify(value);

/** What is empty needs brackets behind its key, which a template cannot know. */
const list = (items: readonly View[]): View => ({ items, ifEmpty: items.length > 0 ? '' : ' []' });
const map = (items: readonly View[]): View => ({ items, ifEmpty: items.length > 0 ? '' : ' {}' });

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function describeHost({ host: { distribution, kernel, architecture, memoryBytes } }: Plan): View {
  return {
    family: quoted(ansibleFamily(distribution)),
    distributions: distribution.facts.distributions.map(quoted).join(', '),
    majorVersion: quoted(distribution.facts.majorVersion),
    kernel: quoted(`${kernel[0]}.${kernel[1]}`),
    architecture: quoted(architecture.name),
    memoryMiB: Math.floor(memoryBytes / MIB),
    leastMemoryMiB: leastMemory(memoryBytes),
  };
}

/** Where a loaded module shows an option, and takes a new value for it. */
function describeOptions(plan: Plan): View[] {
  const options = plan.decisions.filter(({ parameter }) => findParameter(parameter)?.kind === 'module-option');
  return options.map((decision) => ({
    path: quoted(`/sys/module/${decision.spelling.replace(' ', '/parameters/')}`),
    value: quoted(readBack(decision, plan)),
  }));
}

function describeQueues(plan: Plan): View[] {
  const queue = listenQueue(plan);
  return queue ? [{ process: quoted(queue.process), length: quoted(String(queue.length)) }] : [];
}

/** A unit of ours, and what it loads: all that lies in our own folder. One that can reload does so without a gap. */
function describeUnits({ name }: Plan, carried: readonly Artifact[]): View[] {
  const loaded = carried.map(({ path }) => path).filter((path) => path.startsWith(`etc/nettune/${name}/`));
  return carried.flatMap(({ path, content }) => {
    const unit = unitAt(path);
    if (!unit) return [];
    const onChange = /^ExecReload=/m.test(content) ? 'reloaded' : 'restarted';
    const files = [path, ...loaded].map((file) => ({ file: quoted(file) }));
    return [{ name: quoted(unit), onChange: quoted(onChange), files }];
  });
}
