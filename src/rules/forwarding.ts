import type { Host } from '../values/host.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Proposal, Rule } from './rule.ts';

/** Kernels on which an interface can both forward and listen to router advertisements. */
const LISTENS_ANYWAY = { since: '2.6.37' };

/** A gateway forwards; which families, the profile says. */
export const forwarding: Rule = {
  id: 'forwarding',
  source: 'net/ipv4/devinet.c; net/ipv6/addrconf.c',
  propose: ({ role, profile, host }) => {
    if (role.role !== 'nat-gateway') return [];
    const families = profile.gateway?.families ?? ['ipv4'];
    const causes = ['gateway.families', 'role'];
    return [
      ...(families.includes('ipv4')
        ? [
            {
              parameter: 'net.ipv4.ip_forward',
              value: 1,
              reason: 'Required on a gateway. Set first: changing it also changes accept_redirects on every interface.',
              causes,
            },
            ...(profile.gateway?.wan ?? []).flatMap((device, _, all) => refuseForged(device, all.length, host)),
          ]
        : []),
      ...(families.includes('ipv6')
        ? [
            {
              parameter: 'net.ipv6.conf.all.forwarding',
              value: 1,
              reason:
                'Forwards IPv6 too. Interfaces stop listening to router advertisements unless their accept_ra is 2.',
              causes,
            },
            ...(isWithin(host.kernel, LISTENS_ANYWAY) ? (profile.gateway?.wan ?? []).map(listenToAdvertisements) : []),
          ]
        : []),
    ];
  },
};

/** In the name of a key a dot within the name of an interface is written as a slash. */
const asKey = (device: string): string => device.replaceAll('.', '/');

export function acceptRa(device: string): string {
  return `net.ipv6.conf.${asKey(device)}.accept_ra`;
}

export function reverseFilter(device: string): string {
  return `net.ipv4.conf.${asKey(device)}.rp_filter`;
}

/** Kernels that know the loose check; for older ones any number but 0 is strict. */
const LOOSE = { since: '2.6.30' };

/** With several uplinks answers may return another way, which the strict check would drop. */
function refuseForged(device: string, uplinks: number, { kernel }: Host): Proposal[] {
  if (uplinks > 1 && !isWithin(kernel, LOOSE)) return [];
  const strict = 'Drops packets from the world that claim to come from inside.';
  const loose =
    'Not 1, which would drop answers that return through another uplink. 2 drops only senders to whom no route leads, and with a default route there is none: let the filter drop what claims to come from inside.';
  return [
    {
      parameter: reverseFilter(device),
      value: uplinks === 1 ? 1 : 2,
      reason: uplinks === 1 ? strict : loose,
      causes: ['gateway.wan'],
    },
  ];
}

function listenToAdvertisements(device: string): Proposal {
  return {
    parameter: acceptRa(device),
    value: 2,
    reason:
      'A default route that came by router advertisement stays, although this host forwards. Does nothing where there is none.',
    causes: ['gateway.wan', 'gateway.families'],
  };
}
