import type { Helper, PacketRule } from '../values/plan.ts';
import { formatPorts, type PortRange } from '../values/ports.ts';

/** A packet rule, as lines of nft for a chain of its hook; `ports` are the served ones. */
export function spellRule(rule: PacketRule, ports: readonly PortRange[]): readonly string[] {
  if (rule.helper) return [spellHelper(rule.helper)];
  if (rule.action === 'untrack-error') return spellErrors(ports);
  if (rule.action === 'accept-error') return ACCEPTED_ERRORS;
  return [[...matchEnds(rule, ports), ...matchUntracked(rule), verdictOf(rule)].join(' ')];
}

const verdictOf = ({ action }: PacketRule): string => (action === 'untrack' ? 'notrack' : 'accept');

function matchEnds({ hook, port, loopbackOnly }: PacketRule, ports: readonly PortRange[]): string[] {
  return [
    ...(loopbackOnly ? [hook === 'incoming' ? 'iif lo' : 'oif lo'] : []),
    `tcp ${port === 'source' ? 'sport' : 'dport'} { ${formatPorts(ports).join(', ')} }`,
    // What only passes through this host may be translated on its way, and that needs the connection table.
    ...(hook === 'incoming' && port === 'destination' ? ['fib daddr type local'] : []),
  ];
}

/** An accept rule is for untracked packets, lest it let in what the filter knows and refuses. */
function matchUntracked({ action, hook, loopbackOnly }: PacketRule): string[] {
  if (action === 'untrack') return [];
  if (action === 'accept-opening') return [NOT_OPENING.replace('!=', '=='), 'ct state untracked'];
  return hook === 'outgoing' && loopbackOnly ? ['ct state untracked'] : [NOT_OPENING, 'ct state untracked'];
}

/** Matches what does not open a connection. */
export const NOT_OPENING = 'tcp flags & (fin | syn | rst | ack) != syn';

/** Another table's object of that name would be another helper. */
export function nameHelper({ name, protocol }: Helper): string {
  return `${name}_${protocol}`;
}

/** What comes from the world is not read; what is for this host itself is not forwarded. */
function spellHelper(helper: Helper): string {
  const { protocol, port, families, outside } = helper;
  return [
    ...(outside.length > 0 ? [`iifname != { ${outside.map((device) => `"${device}"`).join(', ')} }`] : []),
    ...(families.length === 1 ? [`meta nfproto ipv${families[0]}`] : []),
    `${protocol} dport ${port} fib daddr type != local ct helper set "${nameHelper(helper)}"`,
  ].join(' ');
}

/** By number, which is taken in a table of one family as in one of both. The raw table leaves no other errors untracked. */
const ACCEPTED_ERRORS = [
  'meta l4proto icmp @th,0,8 { 3, 11, 12 } ct state untracked accept',
  'meta l4proto ipv6-icmp @th,0,8 { 1, 2, 3, 4 } ct state untracked accept',
];

/**
 * Behind the eight bytes of an ICMP header is the packet that it is about: an IPv4 header without options (0x45) or an IPv6
 * header, the number of TCP (6) in it, and the port from which we sent. Other errors stay tracked: translation needs them.
 */
function spellErrors(ports: readonly PortRange[]): string[] {
  const quoted = (port: string) => [
    `icmp type { destination-unreachable, time-exceeded, parameter-problem } @th,64,8 0x45 @th,136,8 6 @th,224,16 ${port} notrack`,
    `icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } @th,112,8 6 @th,384,16 ${port} notrack`,
  ];
  return formatPorts(ports).flatMap(quoted);
}
