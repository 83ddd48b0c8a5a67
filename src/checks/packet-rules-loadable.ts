import type { Check } from './check.ts';

export const packetRulesLoadable: Check = {
  id: 'packet-rules-loadable',
  severity: 'error',
  what: 'Where there are packet rules, the distribution has a program, and kernel modules, that load them.',
  why: 'Rules that the host cannot load leave the served ports tracked, and the table was sized for ports that are not.',
  fix: 'Track the served ports, or install what is missing and allow this with that reason.',
  source: 'kernel modules behind the matches of iptables-nft, absent from an image of EL 10: kubernetes/kops #18724',
  find: ({ host: { distribution }, packetRules }) =>
    distribution.packetRules === 'iptables' || packetRules.length === 0
      ? []
      : [
          {
            message: `${distribution.title} lacks the kernel modules that iptables needs, and nettune cannot yet write rules for nftables`,
            remedy:
              'set `conntrack.untracked.served: false`; or, where kernel-modules-extra and iptables-nft are installed, allow this with that reason',
            causes: ['conntrack.untracked.served', 'host.distribution'],
          },
        ],
};
