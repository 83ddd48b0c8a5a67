import { httpdGeneration } from '../distributions/httpd-generations.ts';
import { isSysctl } from '../outputs/sysctl.ts';
import { findParameter } from '../parameters/parameters.ts';
import { roleRow } from '../roles/roles.ts';
import { serverOf } from '../roles/server.ts';
import { assignsHelpers } from '../rules/helpers.ts';
import { modulesToLoad } from '../rules/modules.ts';
import { cksum } from '../text/cksum.ts';
import type { Artifact } from '../values/artifact.ts';
import { formatValue } from '../values/format-value.ts';
import type { Plan } from '../values/plan.ts';
import { formatPorts } from '../values/ports.ts';
import { listLinks, scriptAt, unitAt } from './enabling-links.ts';
import { listForeignLines } from './foreign-lines.ts';
import { listHostLines } from './host-lines.ts';
import { listenQueue } from './listen-queue.ts';
import { openFiles } from './open-files.ts';
import { readBack } from './read-back.ts';
import { isOfService, listQueueLimits, listServices } from './restarted-services.ts';

/** Of what a plan is written in; `nettune-host` reads no other. */
const PLAN_FORMAT = 1;

/** Where the host program is kept, which is a file of every plan; and its link in the one folder that every sudo looks into. */
const PROGRAM = 'usr/local/lib/nettune/nettune-host';
const PROGRAM_LINK = 'usr/sbin/nettune-host';

/**
 * The plan as lines that a shell reads with `read`: a kind, and words. A file has its mode, its sum and its path; the last line
 * has a sum of all others. No word is a text that a profile is free to choose, and none but the last holds a blank.
 */
export function listPlanLines(plan: Plan, carried: readonly Artifact[]): string[] {
  const lines = [
    `format ${PLAN_FORMAT}`,
    `profile ${plan.name}`,
    ...listHostLines(plan),
    ...carried.map(({ path, mode, content }) => `file 0${mode.toString(8)} ${cksum(content)} ${path}`),
    `file 0755 program ${PROGRAM}`,
    ...listLinks(plan, carried).map(({ path, to }) => `link ${path} ${to}`),
    `link ${PROGRAM_LINK} /${PROGRAM}`,
    ...describeForeignLines(plan),
    ...modulesToLoad(plan).map((module) => `module ${module}`),
    ...describeValues(plan),
    ...(plan.packetRules.length > 0 ? [`rules etc/nettune/${plan.name}`] : []),
    ...describeUntracked(plan),
    ...describeUnits(plan, carried),
    ...describeServices(plan, carried),
    ...describeQueues(plan),
    ...describeOpenFiles(plan),
    ...describeDirectives(plan, carried),
    // Others may live through the entries of a gateway, whose packets it does not see for hours.
    `end-overdue ${roleRow(plan.role).trackingNeeded === undefined ? 'yes' : 'no'}`,
    ...(serverOf(plan.profile) === 'apache' ? [`mpm ${plan.profile.apache?.mpm ?? 'event'}`] : []),
  ];
  return [...lines, endLine(lines)];
}

/** By which the host program sees that nothing was cut off or changed. */
export function endLine(lines: readonly string[]): string {
  return `end ${cksum(lines.map((line) => `${line}\n`).join(''))}`;
}

/** Lines in files of others, and which of those files have to be there for them. */
function describeForeignLines(plan: Plan): string[] {
  const lines = listForeignLines(plan);
  const needed = lines.filter(({ isOptional }) => !isOptional).map(({ path }) => path);
  return [
    ...lines.map(({ path, line }) => `line ${path} ${line}`),
    ...[...new Set(needed)].map((path) => `needs ${path}`),
  ];
}

/** Options come first: the number of entries would overfill a small table. Then parameters, in their file's order. */
function describeValues(plan: Plan): string[] {
  const options = plan.decisions.filter(({ parameter }) => findParameter(parameter)?.kind === 'module-option');
  const place = (spelling: string) => `/sys/module/${spelling.replace(' ', '/parameters/')}`;
  return [
    ...options.map((decision) => `value ${place(decision.spelling)} ${readBack(decision, plan)}`),
    ...plan.decisions.filter(isSysctl).map((decision) => `value ${decision.spelling} ${readBack(decision, plan)}`),
  ];
}

/** Ports of this host whose connections are left untracked; not those that it connects to. */
function describeUntracked({ packetRules, servedPorts }: Plan): string[] {
  const isServed = packetRules.some(({ action, peer }) => action === 'untrack' && !peer);
  return isServed ? formatPorts(servedPorts).map((ports) => `untracked ${ports}`) : [];
}

/** A unit of ours, which may be an init script, and the files that it takes when it is loaded again. */
function describeUnits(plan: Plan, carried: readonly Artifact[]): string[] {
  const paths = carried.map(({ path }) => path);
  return paths.flatMap((path) => {
    const unit = unitAt(path) ?? scriptAt(path);
    if (!unit) return [];
    const loaded = [path, ...paths.filter((other) => other.startsWith(`etc/nettune/${plan.name}/`))];
    const isGuard = path.endsWith('.service') && !assignsHelpers(plan);
    return [`unit ${unit}`, ...(isGuard ? [`guard ${unit}`] : []), ...loaded.map((file) => `loads ${unit} ${file}`)];
  });
}

function describeServices(plan: Plan, carried: readonly Artifact[]): string[] {
  const changed = [...carried, ...listLinks(plan, carried), ...listForeignLines(plan)];
  const paths = [...new Set(changed.map(({ path }) => path))];
  return listServices(plan).flatMap((service) => [
    `service ${service.name}`,
    ...[...paths.filter((path) => isOfService(path, service)), ...listQueueLimits(plan.host)].map(
      (cause) => `restarts ${service.name} ${cause}`,
    ),
  ]);
}

function describeQueues(plan: Plan): string[] {
  const queue = listenQueue(plan);
  return queue ? formatPorts(plan.servedPorts).map((ports) => `queue ${queue.process} ${ports} ${queue.length}`) : [];
}

/** The file of directives as httpd reads it and as it is carried, and each directive. */
function describeDirectives(plan: Plan, carried: readonly Artifact[]): string[] {
  const { apache, programs } = plan.host.distribution;
  const snippet = carried.find(({ path }) => path.startsWith(`${apache.snippets}/`))?.path;
  if (!snippet || !httpdGeneration(programs.httpd).listsIncludes) return [];
  const path = `${apache.enabled ?? apache.snippets}${snippet.slice(apache.snippets.length)}`;
  const directives = plan.decisions.filter(({ parameter }) => findParameter(parameter)?.kind === 'apache');
  return [
    `snippet ${path} ${snippet}`,
    ...directives.map(({ parameter, value }) => `directive ${parameter} ${formatValue(value)}`),
  ];
}

function describeOpenFiles(plan: Plan): string[] {
  const limit = openFiles(plan);
  return limit ? [`limit ${limit.process} ${limit.least}`] : [];
}
