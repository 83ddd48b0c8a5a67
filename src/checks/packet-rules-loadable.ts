import { helpersOf } from '../rules/helpers.ts';
import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { filterOf, packetTool } from '../rules/packet-tool.ts';
import { isWithin } from '../values/kernel-version.ts';
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
      ...(helpersOf(plan.profile).length > 0 ? ['gateway.helpers', 'host.kernel'] : []),
      'host.distribution',
      'firewall.filter',
    ];
    return fault ? [{ ...fault, causes }] : [];
  },
};

/** nf_conntrack_helper came with 3.5; before, there was only what its value 1 does. */
const READS_ALL = {
  message: 'before Linux 3.5 a helper reads every connection on its port as soon as it is loaded, whatever rules say',
  remedy:
    'remove `gateway.helpers`; whoever can live with that loads the module himself, on CentOS 6 by IPTABLES_MODULES in /etc/sysconfig/iptables-config',
};

function findFault({ profile, host: { distribution, kernel } }: Plan): { message: string; remedy: string } | undefined {
  const tool = packetTool(profile, distribution);
  const isReading = helpersOf(profile).length > 0;
  if (isReading && isWithin(kernel, { until: '3.5' })) return READS_ALL;
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
