import type { Rule } from './rule.ts';

/** A gateway forwards; which families, the profile says. */
export const forwarding: Rule = {
  id: 'forwarding',
  propose: ({ role, profile }) => {
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
          ]
        : []),
    ];
  },
};
