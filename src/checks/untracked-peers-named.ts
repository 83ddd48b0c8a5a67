import { isAnyOutboundUntracked, isLoopback } from '../rules/outbound-rules.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const CAUSE = 'conntrack.untracked.outbound';

export const untrackedPeersNamed: Check = {
  id: 'untracked-peers-named',
  severity: 'error',
  what: 'Where outgoing connections are untracked, each entry of `traffic.outbound` names the address that they go to, beyond this host.',
  why: 'By port alone, everybody who sends from that port would pass for a server that answers. So connections without an address stay tracked, and so do those over loopback: the profile would promise what no rule does.',
  fix: 'Name the addresses; one entry for each.',
  source: 'the packet rules; tried: packets from the port of a proxy, sent by somebody else',
  find: (plan) => {
    const { profile } = plan;
    if (!profile.conntrack?.untracked?.outbound || plan.role === 'nat-gateway' || isTrackingOff(profile)) return [];
    if ((profile.traffic?.outbound ?? []).length === 0)
      return [
        {
          message: 'outgoing connections are to be left untracked, but the profile names none',
          remedy: 'list them in `traffic.outbound`, each with its address and port',
          causes: [CAUSE],
        },
      ];
    return findTracked(plan);
  },
};

/** Entries that stay tracked: an error where there are no others. */
function findTracked({ profile }: Plan): Breach[] {
  return (profile.traffic?.outbound ?? []).flatMap((each, index): Breach[] => {
    if (each.to !== undefined && !isLoopback(each.to)) return [];
    const isAnyOther = isAnyOutboundUntracked({ ...profile, firewall: {}, squid: {} });
    const where =
      each.to === undefined ? `port ${each.port}, at any address,` : `port ${each.port} of this host itself`;
    return [
      {
        message: `connections to ${where} stay tracked`,
        remedy:
          each.to === undefined
            ? 'name the address in `to`, in one entry for each; or allow this where they go to many hosts'
            : 'nothing leaves this host there: use a socket in the file system, or allow this',
        causes: [`traffic.outbound.${index}.${each.to === undefined ? 'port' : 'to'}`, CAUSE],
        severity: isAnyOther ? 'warning' : 'error',
      },
    ];
  });
}
