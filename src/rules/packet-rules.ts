import type { Profile } from '#generated/profile.ts';
import type { DistributionRow } from '../distributions/distribution.ts';
import { roleRow } from '../roles/roles.ts';
import type { PacketRule } from '../values/plan.ts';
import { deriveHelperRules } from './helpers.ts';
import { ACCEPT_ERRORS, deriveOutboundRules } from './outbound-rules.ts';
import { type Filter, filterOf, packetTool } from './packet-tool.ts';
import type { Circumstances } from './rule.ts';
import { isTrackingOff } from './tracking.ts';

/** Whether the served ports are kept out of the connection table; never where translation needs them in it. */
export function isServedUntracked(profile: Profile): boolean {
  const { role, traffic, conntrack, squid } = profile;
  const isTranslated = roleRow(role).trackingNeeded !== undefined || squid?.intercepting === true;
  const isWanted = conntrack?.untracked?.served === true && !isTrackingOff(profile);
  return isWanted && traffic?.ports !== undefined && !isTranslated;
}

/** Whether a rule keeps packets out of the connection table. */
export function isUntracking({ action }: PacketRule): boolean {
  return action === 'untrack' || action === 'untrack-error';
}

/** What has to happen to packets so that connections leave no entry and still get through, or are read; no rule stands there twice. */
export function derivePacketRules(given: Circumstances): readonly PacketRule[] {
  const untracking = [...deriveServedRules(given.profile, given.host.distribution), ...deriveOutboundRules(given)];
  return [...new Set([...untracking, ...deriveHelperRules(given.profile)])];
}

function deriveServedRules(profile: Profile, distribution: DistributionRow): readonly PacketRule[] {
  if (!isServedUntracked(profile)) return [];
  const usesNft = packetTool(profile, distribution) === 'nftables';
  return [...UNTRACK, ...(usesNft ? UNTRACK_ERRORS : []), ...ACCEPTS[filterOf(profile)]];
}

/** Four, not two: without the ones on loopback, a program here that talks to our own port leaves half an entry each time. */
const UNTRACK: readonly PacketRule[] = [
  {
    action: 'untrack',
    hook: 'incoming',
    port: 'destination',
    loopbackOnly: false,
    reason: 'from a client to this host',
  },
  { action: 'untrack', hook: 'incoming', port: 'source', loopbackOnly: true, reason: 'answers over loopback' },
  { action: 'untrack', hook: 'outgoing', port: 'source', loopbackOnly: false, reason: 'from this host to a client' },
  {
    action: 'untrack',
    hook: 'outgoing',
    port: 'destination',
    loopbackOnly: true,
    reason: 'a program on this host to our own port',
  },
];

/**
 * An ICMP error about an untracked packet is INVALID, and filters that we cannot write to drop that before they accept any
 * ICMP. Untracked, it comes as far as their own rules on ICMP.
 */
const UNTRACK_ERRORS: readonly PacketRule[] = [
  {
    action: 'untrack-error',
    hook: 'incoming',
    port: 'source',
    loopbackOnly: false,
    reason: 'ICMP errors about answers to clients, among them the path MTU',
  },
];

/**
 * A stateful filter knows packets as NEW or ESTABLISHED; untracked ones are neither. Those of an open connection are let
 * through where it lets ESTABLISHED through, and those that open one only after every rule that might refuse them.
 */
const ACCEPT: readonly PacketRule[] = [
  { action: 'accept-open', hook: 'incoming', port: 'destination', loopbackOnly: false, reason: 'open connections' },
  { action: 'accept-open', hook: 'incoming', port: 'source', loopbackOnly: true, reason: 'answers over loopback' },
  ACCEPT_ERRORS,
  { action: 'accept-opening', hook: 'incoming', port: 'destination', loopbackOnly: false, reason: 'new connections' },
  { action: 'accept-open', hook: 'outgoing', port: 'source', loopbackOnly: false, reason: 'answers to clients' },
  {
    action: 'accept-open',
    hook: 'outgoing',
    port: 'destination',
    loopbackOnly: true,
    reason: 'a program on this host to our own port',
  },
];

/** Where nothing is written: firewalld opens a port without regard to states, and so does `ufw allow`. */
const ACCEPTS: Readonly<Record<Filter, readonly PacketRule[]>> = {
  none: [],
  iptables: ACCEPT,
  nftables: ACCEPT,
  firewalld: [],
  ufw: ACCEPT.filter(({ action }) => action !== 'accept-opening'),
};
