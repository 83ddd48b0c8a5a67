import type { Dialect } from '../distributions/iptables-dialect.ts';
import type { Helper, PacketRule } from '../values/plan.ts';
import { formatPorts, type PortRange } from '../values/ports.ts';

/** A rule in iptables' words, without its chain. */
export interface SpecifiedRule {
  /** The family that the rule is for, as a line of iptables-restore begins with it; empty for both. */
  readonly family: Family;
  readonly specification: string;
}

type Family = '-4 ' | '-6 ' | '';

/** `-m multiport` takes no more; a range counts two (iptables-extensions(8)). */
const PORTS_PER_RULE = 15;

/** A packet rule; `served`: the ports that it is for, unless it names a peer. It may take several lines, because a line holds only so many ports. */
export function specifyRule(
  rule: PacketRule,
  served: readonly PortRange[],
  dialect: Dialect,
): readonly SpecifiedRule[] {
  if (rule.helper) return specifyHelper(rule.helper);
  const ports = rule.peer?.from ?? served;
  const rules = rule.action === 'accept-error' ? specifyErrors(dialect) : specifyForPorts(rule, ports, dialect);
  if (dialect.tracksIpv6) return rules;
  return rules.filter(({ family }) => family !== '-6 ').map((each) => ({ ...each, family: '-4 ' }));
}

function specifyForPorts(rule: PacketRule, ports: readonly PortRange[], dialect: Dialect): readonly SpecifiedRule[] {
  const target = rule.action === 'untrack' ? dialect.untrack : 'ACCEPT';
  return chunkPorts(ports).flatMap((chunk) =>
    matchEnds(rule, chunk, dialect).map(({ family, specification }) => ({
      family,
      specification: [specification, ...matchUntracked(rule, dialect), `-j ${target}`].join(' '),
    })),
  );
}

function matchEnds(rule: PacketRule, ports: string, dialect: Dialect): SpecifiedRule[] {
  const { hook, port } = rule;
  const families = familiesOf(rule, dialect);
  const specification = [
    ...matchDevice(rule),
    ...matchPeer(rule),
    `-m multiport ${port === 'source' ? '--sports' : '--dports'} ${ports}`,
  ].join(' ');
  const isForUs = hook === 'incoming' && port === 'destination';
  // What only passes through this host may be translated on its way, and that needs the connection table.
  const local = `${specification} -m addrtype --dst-type LOCAL`;
  return families.map((family) => ({
    family,
    // IPv6 is not translated before 3.7; nettune-host refuses where it passes through.
    specification: isForUs && (dialect.matchesLocalIpv6 || family === '-4 ') ? local : specification,
  }));
}

/** One line for both families, unless they differ, or the rule is about one of them. */
function familiesOf({ hook, port, peer }: PacketRule, { matchesLocalIpv6 }: Dialect): Family[] {
  if (peer) return [`-${peer.family} `];
  const differ = hook === 'incoming' && port === 'destination' && !matchesLocalIpv6;
  return differ ? ['-4 ', '-6 '] : [''];
}

/** What a host sends to an address of its own passes both hooks at once, and its answers are not those of a peer. */
function matchDevice({ hook, loopbackOnly, peer }: PacketRule): string[] {
  const device = hook === 'incoming' ? '-i lo' : '-o lo';
  return [...(loopbackOnly ? [device] : []), ...(peer ? [`! ${device}`] : [])];
}

function matchPeer({ port, peer }: PacketRule): string[] {
  if (!peer) return ['-p tcp'];
  const [address, end] = port === 'source' ? ['-d', '--dport'] : ['-s', '--sport'];
  return [`${address} ${peer.address}`, '-p tcp', `${end} ${peer.port}`];
}

/** `! --syn` would let SYN with FIN through, with which kernels before 3.3 open a connection as well. */
const NOT_OPENING = '! --tcp-flags SYN,ACK SYN';

/** An accept rule is for untracked packets, lest it let in what the filter knows and refuses. */
function matchUntracked({ action, hook, loopbackOnly }: PacketRule, { state }: Dialect): string[] {
  if (action === 'untrack') return [];
  const untracked = `${state} UNTRACKED`;
  if (action === 'accept-opening') return ['--syn', untracked];
  return hook === 'outgoing' && loopbackOnly ? [untracked] : [NOT_OPENING, untracked];
}

/**
 * An ICMP error is looked up by the packet that it quotes. That one is untracked, so nothing is found, and the error is
 * INVALID (nf_conntrack_inet_error) unless a rule untracks ICMP as well.
 */
function specifyErrors({ state }: Dialect): readonly SpecifiedRule[] {
  const asError = (family: Family, protocol: string) => (type: string) => ({
    family,
    specification: `-p ${protocol} --${protocol}-type ${type} ${state} INVALID,UNTRACKED -j ACCEPT`,
  });
  return [
    ...['destination-unreachable', 'time-exceeded', 'parameter-problem'].map(asError('-4 ', 'icmp')),
    ...['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem'].map(
      asError('-6 ', 'icmpv6'),
    ),
  ];
}

/** What comes from the world leaves our chain first; what is for this host itself is not forwarded. */
function specifyHelper({ name, protocol, port, families, outside }: Helper): readonly SpecifiedRule[] {
  const ends = `-p ${protocol} --dport ${port}`;
  const specifications = [
    ...outside.map((device) => `-i ${device} ${ends} -j RETURN`),
    `${ends} -m addrtype ! --dst-type LOCAL -j CT --helper ${name}`,
  ];
  return families.flatMap((family) =>
    specifications.map((specification) => ({ family: `-${family} ` as const, specification })),
  );
}

/** Lists of ports, as long as multiport takes them. */
function chunkPorts(ports: readonly PortRange[]): string[] {
  const chunks: PortRange[][] = [];
  let room = 0;
  for (const port of ports) {
    const size = port.first === port.last ? 1 : 2;
    if (size > room) {
      chunks.push([]);
      room = PORTS_PER_RULE;
    }
    chunks.at(-1)?.push(port);
    room -= size;
  }
  return chunks.map((chunk) => formatPorts(chunk, ':').join(','));
}
