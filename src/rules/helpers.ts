import type { Profile } from '#generated/profile.ts';
import type { Helper, PacketRule, Plan } from '../values/plan.ts';
import type { Rule } from './rule.ts';

type HelperName = Helper['name'];

/** What each reads: connections to these ports (nf_conntrack_ftp.c, nf_conntrack_sip.c). */
const READS: Readonly<Record<HelperName, readonly Pick<Helper, 'protocol' | 'port'>[]>> = {
  ftp: [{ protocol: 'tcp', port: 21 }],
  sip: [
    { protocol: 'udp', port: 5060 },
    { protocol: 'tcp', port: 5060 },
  ],
};

/** Helpers are assigned by our rules alone. Kernels before 4.7 assign each that is loaded to whatever uses its port. */
export const helpers: Rule = {
  id: 'helpers',
  source: 'Documentation/networking/nf_conntrack-sysctl.rst; nf_conntrack_helper.c',
  propose: ({ profile }) =>
    helpersOf(profile).length === 0
      ? []
      : [
          {
            parameter: 'net.netfilter.nf_conntrack_helper',
            value: 0,
            reason: 'Helpers read only the connections that a rule assigns to them, not all on their ports.',
            causes: ['gateway.helpers'],
          },
        ],
};

/** Those that the profile names, once each. */
export function helpersOf({ role, gateway }: Pick<Profile, 'role' | 'gateway'>): readonly HelperName[] {
  return role === 'nat-gateway' ? [...new Set(gateway?.helpers)] : [];
}

/** Whether the packet rules are about helpers alone: a gateway untracks nothing, and nothing else has helpers. */
export const assignsHelpers = ({ packetRules }: Pick<Plan, 'packetRules'>): boolean =>
  packetRules.every(({ helper }) => helper);

/** The part that reads, and the part that rewrites addresses in what is read; a rule would load only the first. */
export function helperModules(profile: Profile): string[] {
  return helpersOf(profile).flatMap((name) => [`nf_conntrack_${name}`, `nf_nat_${name}`]);
}

/**
 * A helper lets in what the two ends agree on, so it reads only connections from inside: from the world anybody could have
 * it open a port to a host behind.
 */
export function deriveHelperRules(profile: Profile): PacketRule[] {
  const families = (profile.gateway?.families ?? ['ipv4']).map((family) => (family === 'ipv4' ? 4 : 6));
  const outside = [...new Set(profile.gateway?.wan)];
  return helpersOf(profile).flatMap((name) =>
    READS[name].map(({ protocol, port }) => ({
      action: 'assign-helper' as const,
      hook: 'incoming' as const,
      loopbackOnly: false,
      helper: { name, protocol, port, families, outside },
      reason: `${name.toUpperCase()} over ${protocol.toUpperCase()}, from ${outside.length > 0 ? 'inside' : 'anywhere'}: its further connections are RELATED, and translated`,
    })),
  );
}
