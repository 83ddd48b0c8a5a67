import { dialectOf } from '../distributions/iptables-dialect.ts';
import { helpersOf } from '../rules/helpers.ts';
import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { filterOf, packetTool } from '../rules/packet-tool.ts';
import type { Plan } from '../values/plan.ts';
import type { Check } from './check.ts';

export const packetRulesLoadable: Check = {
  id: 'packet-rules-loadable',
  severity: 'error',
  what: 'Where there are packet rules, the distribution has a program, and kernel modules, that load them.',
  why: 'Rules that the host cannot load leave everything tracked, and the table was sized for connections that are not.',
  fix: 'Leave nothing untracked and name no helper, or install what is missing and allow this with that reason.',
  source: 'kernel modules behind the matches of iptables-nft, absent from an image of EL 10: kubernetes/kops #18724',
  find: (plan) => {
    const fault = plan.packetRules.length > 0 ? findFault(plan) : undefined;
    const causes = [
      ...(isServedUntracked(plan.profile) ? ['conntrack.untracked.served'] : []),
      ...(isAnyOutboundUntracked(plan.profile) ? ['conntrack.untracked.outbound'] : []),
      ...(helpersOf(plan.profile).length > 0 ? ['gateway.helpers'] : []),
      'host.distribution',
      'firewall.filter',
    ];
    return fault ? [{ ...fault, causes }] : [];
  },
};

function findFault({ profile, host: { distribution } }: Plan): { message: string; remedy: string } | undefined {
  const tool = packetTool(profile, distribution);
  const isReading = helpersOf(profile).length > 0;
  if (isReading && !dialectOf(distribution.programs.iptables).assignsHelpers && tool === 'iptables')
    return {
      message: `iptables ${distribution.programs.iptables} of ${distribution.title} cannot assign helpers`,
      remedy:
        'remove `gateway.helpers`: there a helper reads all connections on its port as soon as its module is loaded',
    };
  if (tool === 'iptables' && distribution.packetRules === 'nftables')
    return {
      message: `${distribution.title} lacks the kernel modules that iptables needs`,
      remedy:
        'say in `firewall.filter` what else filters there, if anything; or, where kernel-modules-extra and iptables-nft are installed, allow this with that reason',
    };
  if (tool === 'nftables' && !distribution.programs.nft)
    return {
      message: `beside ${filterOf(profile)}, packet rules are loaded by nft, and ${nameMissingNft(distribution)}`,
      remedy: isReading
        ? `remove \`gateway.helpers\` and assign them in ${filterOf(profile)}, or filter with iptables`
        : 'set `conntrack.untracked.served: false`, or filter with iptables',
    };
  return undefined;
}

function nameMissingNft({ title, programs }: Plan['host']['distribution']): string {
  return programs.oldNft ? `nft ${programs.oldNft} of ${title} is too old for them` : `${title} has none`;
}
