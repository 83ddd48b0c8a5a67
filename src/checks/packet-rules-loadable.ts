import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import type { Check } from './check.ts';

export const packetRulesLoadable: Check = {
  id: 'packet-rules-loadable',
  severity: 'error',
  what: 'Where there are packet rules, the distribution has a program, and kernel modules, that load them.',
  why: 'Rules that the host cannot load leave everything tracked, and the table was sized for connections that are not.',
  fix: 'Leave nothing untracked, or install what is missing and allow this with that reason.',
  source: 'kernel modules behind the matches of iptables-nft, absent from an image of EL 10: kubernetes/kops #18724',
  find: ({ host: { distribution }, packetRules, profile }) =>
    distribution.packetRules === 'iptables' || packetRules.length === 0
      ? []
      : [
          {
            message: `${distribution.title} lacks the kernel modules that iptables needs, and nettune cannot yet write rules for nftables`,
            remedy:
              'set `conntrack.untracked.served` and `outbound` to false; or, where kernel-modules-extra and iptables-nft are installed, allow this with that reason',
            causes: [
              ...(isServedUntracked(profile) ? ['conntrack.untracked.served'] : []),
              ...(isAnyOutboundUntracked(profile) ? ['conntrack.untracked.outbound'] : []),
              'host.distribution',
            ],
          },
        ],
};
