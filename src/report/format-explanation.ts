import { printable, printableProse } from '../text/printable.ts';
import type { Cause, ExplainedOmission, Explanation, PlanExplanation } from '../values/explanation.ts';
import { formatValue } from '../values/format-value.ts';
import type { Host } from '../values/host.ts';
import { formatKernelVersion } from '../values/kernel-version.ts';
import { machineTitle } from '../values/machine-title.ts';
import type { PacketRule, Price, Value } from '../values/plan.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import { formatAlternatives } from './format-alternatives.ts';
import { type Line, labelled, listed, optional, titled, WIDTH, wrap } from './layout.ts';
import type { Style } from './style.ts';

/** Longest value of a profile that is shown with its key. */
const LONGEST_WRITTEN = 60;

/** All that is known of each decision, one below the other. */
export function formatPlanExplanation(explanation: PlanExplanation, style: Style): string {
  const { decisions, omissions, alternatives } = explanation;
  const sections = [
    style('bold', formatTitle(explanation)),
    ...formatNotes(explanation),
    ...decisions.map((each) => formatExplanation(each, style).trimEnd()),
    ...formatPacketRules(explanation, style),
    ...omissions.map((each) => formatOmission(each, style).trimEnd()),
    ...(alternatives.length > 0 ? [formatAlternatives(alternatives, style).join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What has to be known of the kernel, a section for each. */
export function formatNotes({ notes }: PlanExplanation): string[] {
  return notes.map((note) => wrap(`note: ${note}`, WIDTH).join('\n'));
}

export function formatPacketRules({ packetRules, fallback, unproven }: PlanExplanation, style: Style): string[] {
  if (packetRules.length === 0) return [];
  const lines: Line[] = [
    ...optional('fallback', fallback),
    ...optional('unproven', unproven === undefined ? undefined : sayUnproven(unproven)),
  ];
  return [
    titled(
      'Packet rules',
      [...packetRules.map((rule) => `  ${formatPacketRule(rule)}`), ...labelled(lines)],
      style,
    ).join('\n'),
  ];
}

/** What a host does that can prove nothing. */
export function sayUnproven(reason: string): string {
  return `A host that cannot prove these rules loads them all the same, because: ${printableProse(reason)}`;
}

export function formatTitle({ profile, machine, role, host }: PlanExplanation): string {
  return `${machineTitle({ name: profile, ...(machine === undefined ? {} : { machine }) })}: ${role} on ${formatHost(host)}`;
}

/** `Debian 12, Linux 6.1, 16 GiB, x86_64` */
export function formatHost({ distribution, kernel, memoryBytes, architecture }: Host): string {
  return `${distribution.title}, Linux ${formatKernelVersion(kernel)}, ${formatSize(memoryBytes)}, ${architecture.name}`;
}

/** Why parameters are left alone. */
export function formatOmission({ subject, reason, causes }: ExplainedOmission, style: Style): string {
  const lines: Line[] = [['why', printableProse(reason)], ...listed('from', causes.map(formatCause))];
  return `${titled(`Left alone: ${subject}`, labelled(lines), style).join('\n')}\n`;
}

/** All about one decision. */
export function formatExplanation(each: Explanation, style: Style): string {
  const { name, value, unit, reason, dangers } = each;
  const lines: Line[] = [
    ['why', printableProse(reason)],
    ...listed('from', each.causes.map(formatCause)),
    ['rule', formatRule(each)],
    ...optional('costs', formatPrice(each.price)),
    ...optional('default', formatDefault(each)),
    ...listed('others', each.others.map(formatOther)),
    ...listed('set in', each.artifacts),
    ...optional('takes effect', formatEffect(each)),
    ...listed('caution', dangers),
    ...optional('source', each.source),
  ];
  return `${[`${style('bold', name)} = ${`${formatValue(value)} ${unit}`.trimEnd()}`, ...labelled(lines)].join('\n')}\n`;
}

/** `traffic.connectionsPerSecond: 5000 (profiles/web-server.yaml:19:25)` */
function formatCause({ path, place, written }: Cause): string {
  if (!place) return `${path}, which the profile leaves to its default`;
  return `${path}: ${formatWritten(written)} (${formatPlace(place)})`;
}

/** `profiles/web-server.yaml:19:25` */
export function formatPlace({ file, line, column }: NonNullable<Cause['place']>): string {
  return `${file}:${line}:${column}`;
}

/** The rule that chose a value, and where its arithmetic is known from. */
export function formatRule({ rule: { id, source } }: Pick<Explanation, 'rule'>): string {
  return source ? `${id}: ${source}` : id;
}

/** When a change takes effect, and what it does to connections that are there already. */
export function formatEffect({ effect }: Pick<Explanation, 'effect'>): string | undefined {
  return effect && `${effect.when}; existing connections ${effect.existing}`;
}

/** As a user would write it; shortened. */
export function formatWritten(written: unknown): string {
  const text = typeof written === 'string' ? written : JSON.stringify(written);
  return printable(text.length > LONGEST_WRITTEN ? `${text.slice(0, LONGEST_WRITTEN - 1)}…` : text);
}

/** What a value costs, where that is known. */
export function formatPrice({ memoryBytes, fixedMemoryBytes, ports, descriptors }: Price = {}): string | undefined {
  if (fixedMemoryBytes !== undefined) return `${formatSize(fixedMemoryBytes)}, used or not`;
  const parts = [
    ...(memoryBytes === undefined ? [] : [formatSize(memoryBytes)]),
    ...(ports === undefined ? [] : [`${formatCount(ports)} ports`]),
    ...(descriptors === undefined ? [] : [`${formatCount(descriptors)} descriptors`]),
  ];
  return parts.length > 0 ? `${parts.join(', ')} when used up` : undefined;
}

/** What would be there without nettune, on this host. */
export function formatDefault({
  kernelDefault,
  unit,
}: Pick<Explanation, 'kernelDefault' | 'unit'>): string | undefined {
  if (!kernelDefault) return undefined;
  const { value, formula, unverified } = kernelDefault;
  const text = value === undefined ? formula : `${formatNumbers(value)} ${unit}`.trimEnd() || 'empty';
  return unverified ? `${text} (not certain for this kernel)` : text;
}

/** What somebody else would have chosen. */
export function formatOther({ who, value, note, source }: Explanation['others'][number]): string {
  return `${formatNumbers(value)}: ${who}${note ? ` ${note}` : ''} (${source})`;
}

/** Numbers as people read them; words as they are. */
export function formatNumbers(value: Value): string {
  return typeof value === 'number' ? formatCount(value) : formatValue(value);
}

/** `untrack, incoming, to a served port: from a client to this host` */
export function formatPacketRule(rule: PacketRule): string {
  const { action, hook, loopbackOnly, reason } = rule;
  return `${action}, ${hook}, ${formatEnd(rule)}${loopbackOnly ? ', over loopback' : ''}: ${reason}`;
}

function formatEnd({ port, peer, helper }: PacketRule): string {
  if (helper) {
    const { protocol, port: itsPort, outside } = helper;
    return `forwarded to ${protocol} port ${itsPort}${outside.length > 0 ? `, unless it came in by ${outside.join(' or ')}` : ''}`;
  }
  const own = peer ? `${peer.address} port ${peer.port}` : 'a served port';
  const direction = (port === 'source') === (peer === undefined) ? 'from' : 'to';
  return port === undefined ? 'ICMP errors' : `${direction} ${own}`;
}
