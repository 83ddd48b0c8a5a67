import type { Profile } from '#generated/profile.ts';
import { roleRow } from './roles/roles.ts';
import { isOutboundUntracked } from './rules/outbound-rules.ts';
import { isServedUntracked } from './rules/packet-rules.ts';
import { isTrackingOff } from './rules/tracking.ts';
import type { Flow, Traffic } from './values/traffic.ts';

type Outbound = NonNullable<NonNullable<Profile['traffic']>['outbound']>[number];

const INBOUND_CAUSES = { perSecond: 'traffic.connectionsPerSecond', open: 'traffic.concurrentConnections' };

const SHARE_CAUSE = 'traffic.busiestDestinationShare';

/** Connections to many hosts: the most visited of them gets this part, unless the profile says otherwise. */
const BUSIEST_SHARE = 0.2;

/** What a profile says of its traffic, and what follows from its role: a proxy opens a connection for each that it accepts. */
export function deriveTraffic(profile: Profile): Traffic {
  const { traffic = {}, role } = profile;
  const own = role === 'nat-gateway' ? listForwarded(profile) : listServed(profile);
  const named = (traffic.outbound ?? []).map((each, index) => asOutbound(each, index, profile));
  const implied = traffic.outbound === undefined ? own.flatMap((flow) => openForEach(flow, profile)) : [];
  return {
    flows: [...own, ...named, ...implied]
      .filter(({ perSecond, open }) => perSecond + open > 0)
      .map((flow) => (isTrackingOff(profile) ? { ...flow, isTracked: false } : flow)),
    neighbours: traffic.neighbours ?? 0,
    packetsPerSecond: traffic.packetsPerSecond ?? 0,
  };
}

function listServed(profile: Profile): Flow[] {
  const { connectionsPerSecond = 0, concurrentConnections = 0 } = profile.traffic ?? {};
  return [
    {
      direction: 'inbound',
      protocol: 'tcp',
      perSecond: connectionsPerSecond,
      open: concurrentConnections,
      busiestShare: 1,
      isTracked: !isServedUntracked(profile),
      unit: 'connections/s',
      causes: INBOUND_CAUSES,
    },
  ];
}

function listForwarded(profile: Profile): Flow[] {
  const { connectionsPerSecond = 0, concurrentConnections = 0, udpDialoguesPerSecond = 0 } = profile.traffic ?? {};
  const forwarded = { direction: 'forwarded', busiestShare: busiestShareOf(profile), isTracked: true } as const;
  return [
    {
      ...forwarded,
      protocol: 'tcp',
      perSecond: connectionsPerSecond,
      open: concurrentConnections,
      unit: 'connections/s',
      causes: { ...INBOUND_CAUSES, share: SHARE_CAUSE },
    },
    {
      ...forwarded,
      protocol: 'udp',
      perSecond: udpDialoguesPerSecond,
      open: 0,
      unit: 'UDP dialogues/s',
      causes: {
        perSecond: 'traffic.udpDialoguesPerSecond',
        open: 'traffic.udpDialoguesPerSecond',
        share: SHARE_CAUSE,
        role: 'role',
      },
    },
  ];
}

/** Outgoing connections that the profile names; without an address they go to many hosts. */
function asOutbound(written: Outbound, index: number, profile: Profile): Flow {
  const { to, port, connectionsPerSecond, concurrentConnections = 0 } = written;
  const path = `traffic.outbound.${index}`;
  const destination = to === undefined ? undefined : `${to.includes(':') ? `[${to}]` : to}:${port}`;
  return {
    direction: 'outbound',
    protocol: 'tcp',
    perSecond: connectionsPerSecond,
    open: concurrentConnections,
    busiestShare: to === undefined ? busiestShareOf(profile) : 1,
    isTracked: !isOutboundUntracked(written, profile),
    ...(destination === undefined ? {} : { destination }),
    unit: `connections/s to ${destination ?? `port ${port}`}`,
    causes: {
      perSecond: `${path}.connectionsPerSecond`,
      open: `${path}.concurrentConnections`,
      ...(to === undefined ? { share: SHARE_CAUSE } : { place: `${path}.to` }),
    },
  };
}

/** What a proxy opens for what it accepts: one for each, at most. */
function openForEach(flow: Flow, profile: Profile): Flow[] {
  if (!roleRow(profile.role).opensForEach) return [];
  return [
    {
      ...flow,
      direction: 'outbound',
      busiestShare: busiestShareOf(profile),
      isTracked: true,
      unit: 'connections/s to origin servers',
      causes: { ...flow.causes, share: SHARE_CAUSE, role: 'role' },
    },
  ];
}

function busiestShareOf({ traffic }: Profile): number {
  return traffic?.busiestDestinationShare ?? BUSIEST_SHARE;
}
