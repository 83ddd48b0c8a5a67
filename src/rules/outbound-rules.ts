import ipaddr from 'ipaddr.js';
import type { Profile } from '#generated/profile.ts';
import { roleRow } from '../roles/roles.ts';
import type { PacketRule, Peer } from '../values/plan.ts';
import { type PortRange, parsePorts, subtractPorts } from '../values/ports.ts';
import { listLocalPorts } from './local-ports.ts';
import { packetTool } from './packet-tool.ts';
import type { Circumstances } from './rule.ts';
import { isTrackingOff } from './tracking.ts';

type Outbound = NonNullable<NonNullable<Profile['traffic']>['outbound']>[number];

/** ssh. */
export const MANAGEMENT = [22];

/**
 * Whether connections that this host opens are kept out of the connection table: those to an address that the profile
 * names. By port alone everybody who sends from that port would be let through unseen. Over loopback the answers would
 * need rules of their own, for little: they stay tracked.
 */
export function isOutboundUntracked({ to }: Outbound, profile: Profile): boolean {
  return to !== undefined && !isLoopback(to) && mayUntrackOutbound(profile);
}

/** Translation needs the table for connections of this host as well. */
function mayUntrackOutbound(profile: Profile): boolean {
  const { role, conntrack, squid, firewall } = profile;
  const isTranslated =
    roleRow(role).trackingNeeded !== undefined ||
    squid?.intercepting === true ||
    (firewall?.translated ?? []).length > 0;
  return conntrack?.untracked?.outbound === true && !isTrackingOff(profile) && !isTranslated;
}

export function isLoopback(address: string): boolean {
  return ipaddr.parse(address).range() === 'loopback';
}

/** Whether any connection that this host opens is left untracked. */
export function isAnyOutboundUntracked(profile: Profile): boolean {
  return (profile.traffic?.outbound ?? []).some((each) => isOutboundUntracked(each, profile));
}

/** What has to happen to packets of this host's own connections. */
export function deriveOutboundRules(given: Circumstances): PacketRule[] {
  const { profile, host } = given;
  if (packetTool(profile, host.distribution) !== 'iptables') return []; // which a check refuses
  const peers = listPeers(given);
  return [
    ...peers.flatMap(untrack),
    ...(profile.firewall?.filter === 'iptables' && peers.length > 0 ? [...peers.flatMap(accept), ACCEPT_ERRORS] : []),
  ];
}

/** Each address and port once, in the order of the profile. */
function listPeers(given: Circumstances): Peer[] {
  const { profile } = given;
  const from = portsToStartFrom(given);
  const peers = (profile.traffic?.outbound ?? [])
    .filter((each) => isOutboundUntracked(each, profile))
    .map(({ to = '', port }) => {
      const address = ipaddr.parse(to);
      return { address: address.toString(), family: address.kind() === 'ipv4' ? 4 : 6, port, from } as const;
    });
  return from.length === 0
    ? []
    : peers.filter(
        (one, index) => peers.findIndex(({ address, port }) => address === one.address && port === one.port) === index,
      );
}

/** Where the kernel lets connections start, and nothing is served or administered: what is sent there is an answer. */
function portsToStartFrom(given: Circumstances): PortRange[] {
  const management = (given.profile.firewall?.management ?? MANAGEMENT).map(parsePorts);
  const local = [listLocalPorts(given)].filter(({ first, last }) => first <= last);
  return subtractPorts(local, [...given.servedPorts, ...management]);
}

const untrack = (peer: Peer): PacketRule[] => [
  {
    action: 'untrack',
    hook: 'outgoing',
    port: 'source',
    loopbackOnly: false,
    peer,
    reason: 'from this host to what it asks',
  },
  {
    action: 'untrack',
    hook: 'incoming',
    port: 'destination',
    loopbackOnly: false,
    peer,
    reason: 'answers to this host',
  },
];

/**
 * An untracked answer is ESTABLISHED to nobody. Whoever sends from this address and port is believed to answer, but opens
 * nothing: what is left to him is to send into a connection that TCP itself would have to believe, or to see a reset.
 */
const accept = (peer: Peer): PacketRule[] => [
  {
    action: 'accept-open',
    hook: 'incoming',
    port: 'destination',
    loopbackOnly: false,
    peer,
    reason: 'answers to this host',
  },
  {
    action: 'accept-open',
    hook: 'outgoing',
    port: 'source',
    loopbackOnly: false,
    peer,
    reason: 'open connections of this host',
  },
];

/** The kernel looks up an error by the packet that it quotes, and ours have no entry. */
export const ACCEPT_ERRORS: PacketRule = {
  action: 'accept-error',
  hook: 'incoming',
  loopbackOnly: false,
  reason: 'ICMP errors, among them the path MTU',
};
