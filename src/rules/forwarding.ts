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
export function acceptRa(device: string): string {
  return `net.ipv6.conf.${device.replaceAll('.', '/')}.accept_ra`;
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
