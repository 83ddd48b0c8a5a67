import { AARCH64, X86_64 } from './architectures.ts';
import type { DistributionRow } from './distribution.ts';
import { HTTPD, SQUID_BY_LINE } from './installations.ts';

export const AMAZON: readonly DistributionRow[] = [
  {
    id: 'amazon-2023',
    title: 'Amazon Linux 2023',
    family: 'redhat',
    // Amazon's own: none of Red Hat's backports. A newer one that it offers beside it is for `host.kernel`.
    kernel: '6.1',
    architectures: [X86_64, AARCH64],
    programs: { iptables: '1.8.8', nft: '1.0.4', httpd: '2.4.62', squid: '6.10', systemd: '252', procps: '3.3.17' },
    packetRules: 'iptables',
    readsSysctlConf: true,
    readsModprobeFolder: true,
    apache: HTTPD,
    squid: SQUID_BY_LINE,
    facts: { distributions: ['Amazon'], majorVersion: '2023' },
    // Galaxy has no name for this release.
    platform: { name: 'Amazon', version: 'all' },
  },
];
