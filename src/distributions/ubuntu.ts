import { AARCH64, X86_64 } from './architectures.ts';
import type { DistributionRow } from './distribution.ts';
import { APACHE2, SQUID_BY_FOLDER } from './installations.ts';

const COMMON = {
  family: 'debian',
  architectures: [X86_64, AARCH64],
  packetRules: 'iptables',
  readsModprobeFolder: true,
  readsSysctlConf: true,
  apache: APACHE2,
  squid: SQUID_BY_FOLDER,
} as const;

/** The kernel is that of the release; a newer one (HWE, cloud images) is for `host.kernel`. Versions as for Debian. */
export const UBUNTU: readonly DistributionRow[] = [
  {
    ...COMMON,
    id: 'ubuntu-20.04',
    title: 'Ubuntu 20.04 LTS',
    kernel: '5.4',
    programs: { iptables: '1.8.4', nft: '0.9.3', httpd: '2.4.41', squid: '4.10', systemd: '245', procps: '3.3.16' },
    facts: { distributions: ['Ubuntu'], majorVersion: '20' },
    platform: { name: 'Ubuntu', version: 'focal' },
  },
  {
    ...COMMON,
    id: 'ubuntu-22.04',
    title: 'Ubuntu 22.04 LTS',
    kernel: '5.15',
    programs: { iptables: '1.8.7', nft: '1.0.2', httpd: '2.4.52', squid: '5.9', systemd: '249', procps: '3.3.17' },
    facts: { distributions: ['Ubuntu'], majorVersion: '22' },
    platform: { name: 'Ubuntu', version: 'jammy' },
  },
  {
    ...COMMON,
    id: 'ubuntu-24.04',
    title: 'Ubuntu 24.04 LTS',
    kernel: '6.8',
    programs: { iptables: '1.8.10', nft: '1.0.9', httpd: '2.4.58', squid: '6.14', systemd: '255', procps: '4.0.4' },
    facts: { distributions: ['Ubuntu'], majorVersion: '24' },
    // ansible-lint 6.13 does not know `noble`.
    platform: { name: 'Ubuntu', version: 'all' },
  },
];
