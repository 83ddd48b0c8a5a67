import type { PacketRule } from '../values/plan.ts';
import { formatPorts, type PortRange } from '../values/ports.ts';

/** A rule in iptables' words, without its chain. */
export interface SpecifiedRule {
  /** The family that the rule is for, as a line of iptables-restore begins with it; empty for both. */
  readonly family: '-4 ' | '-6 ' | '';
  readonly specification: string;
}

/** `-m multiport` takes no more; a range counts two (iptables-extensions(8)). */
const PORTS_PER_RULE = 15;

/** A packet rule for the served ports. It may take several lines, because a line holds only so many ports. */
export function specifyRule(rule: PacketRule, ports: readonly PortRange[]): readonly SpecifiedRule[] {
  if (rule.action === 'accept-error') return ERRORS;
  const target = rule.action === 'untrack' ? 'CT --notrack' : 'ACCEPT';
  return chunkPorts(ports).map((chunk) => ({
    family: '',
    specification: [...matchEnds(rule, chunk), ...matchUntracked(rule), `-j ${target}`].join(' '),
  }));
}

function matchEnds({ hook, port, loopbackOnly }: PacketRule, ports: string): string[] {
  return [
    ...(loopbackOnly ? [hook === 'incoming' ? '-i lo' : '-o lo'] : []),
    '-p tcp',
    `-m multiport ${port === 'source' ? '--sports' : '--dports'} ${ports}`,
    // What only passes through this host may be translated on its way, and that needs the connection table.
    ...(hook === 'incoming' && port === 'destination' ? ['-m addrtype --dst-type LOCAL'] : []),
  ];
}

/** An accept rule is for untracked packets, lest it let in what the filter knows and refuses. */
function matchUntracked({ action, hook, loopbackOnly }: PacketRule): string[] {
  if (action === 'untrack') return [];
  const untracked = '-m conntrack --ctstate UNTRACKED';
  if (action === 'accept-opening') return ['--syn', untracked];
  return hook === 'outgoing' && loopbackOnly ? [untracked] : ['! --syn', untracked];
}

/**
 * An ICMP error is looked up by the packet that it quotes. That one is untracked, so nothing is found, and the error is
 * INVALID (nf_conntrack_inet_error) unless a rule untracks ICMP as well.
 */
const ERRORS: readonly SpecifiedRule[] = [
  ...['destination-unreachable', 'time-exceeded', 'parameter-problem'].map((type) => asError('-4 ', 'icmp', type)),
  ...['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem'].map((type) =>
    asError('-6 ', 'icmpv6', type),
  ),
];

function asError(family: '-4 ' | '-6 ', protocol: string, type: string): SpecifiedRule {
  const match = `-p ${protocol} --${protocol}-type ${type} -m conntrack --ctstate INVALID,UNTRACKED`;
  return { family, specification: `${match} -j ACCEPT` };
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
