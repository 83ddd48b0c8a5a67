import { AARCH64, I686, X86_64 } from './architectures.ts';
import type { DistributionRow } from './distribution.ts';
import { APACHE2, SQUID_BY_FOLDER } from './installations.ts';

const COMMON = {
  family: 'debian',
  architectures: [X86_64, AARCH64, I686],
  packetRules: 'iptables',
  readsModprobeFolder: true,
  apache: APACHE2,
  squid: SQUID_BY_FOLDER,
} as const;

/** Versions: the package indexes, as public package lists quote them; those of Debian 12 are installed for the tests. */
export const DEBIAN: readonly DistributionRow[] = [
  {
    ...COMMON,
    id: 'debian-11',
    title: 'Debian 11',
    kernel: '5.10',
    programs: { iptables: '1.8.7', nft: '0.9.8', httpd: '2.4.62', squid: '4.13', systemd: '247', procps: '3.3.17' },
    readsSysctlConf: true,
    facts: { distributions: ['Debian'], majorVersion: '11' },
    platform: { name: 'Debian', version: 'bullseye' },
  },
  {
    ...COMMON,
    id: 'debian-12',
    title: 'Debian 12',
    kernel: '6.1',
    programs: { iptables: '1.8.9', nft: '1.0.6', httpd: '2.4.71', squid: '5.7', systemd: '252', procps: '4.0.2' },
    readsSysctlConf: true,
    facts: { distributions: ['Debian'], majorVersion: '12' },
    platform: { name: 'Debian', version: 'bookworm' },
  },
  {
    ...COMMON,
    id: 'debian-13',
    title: 'Debian 13',
    kernel: '6.12',
    // Its i386 has no kernel any more (release notes).
    architectures: [X86_64, AARCH64],
    programs: { iptables: '1.8.11', nft: '1.1.3', httpd: '2.4.66', squid: '6.13', systemd: '257', procps: '4.0.4' },
    // Its release notes: no longer honoured (dev-sec/ansible-collection-hardening #905).
    readsSysctlConf: false,
    facts: { distributions: ['Debian'], majorVersion: '13' },
    // ansible-lint 6.13 does not know `trixie`.
    platform: { name: 'Debian', version: 'all' },
  },
];
