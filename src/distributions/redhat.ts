import { AARCH64, AARCH64_LARGE_PAGES, I686, X86_64 } from './architectures.ts';
import type { DistributionRow } from './distribution.ts';
import { HTTPD, HTTPD_22_OF_5, HTTPD_22_OF_6, HTTPD_PREFORK, SQUID_BY_LINE } from './installations.ts';

/** What one release has in common with everything that is built from its sources. */
type Release = Omit<DistributionRow, 'id' | 'title' | 'facts'>;

const COMMON = {
  family: 'redhat',
  architectures: [X86_64, AARCH64],
  packetRules: 'iptables',
  readsModprobeFolder: true,
  // By the link 99-sysctl.conf (systemd.spec; that of release 10 was not looked at).
  readsSysctlConf: true,
  apache: HTTPD,
  squid: SQUID_BY_LINE,
} as const;

/** 5.11. Versions: rpm names in public package lists. */
const RELEASE_5: Release = {
  ...COMMON,
  kernel: '2.6.18',
  backports: '5',
  architectures: [X86_64, I686],
  programs: { iptables: '1.3.5', httpd: '2.2.3', squid: '2.6', procps: '3.2.7' },
  unloadsTracker: true,
  apache: HTTPD_22_OF_5,
  // Recipes for it name modprobe.conf alone; whether it reads the folder as well is not known.
  readsModprobeFolder: false,
  platform: { name: 'EL', version: '5' },
};

/**
 * 6.10. Versions: rpm names in public package lists. iptables: Red Hat's 1.4.7 has -C since its release 15, and no -w
 * (eurolinux-enterprise-linux-sources/iptables; fail2ban #1122).
 */
const RELEASE_6: Release = {
  ...COMMON,
  kernel: '2.6.32',
  backports: '6',
  architectures: [X86_64, I686],
  programs: { iptables: '1.4.7', httpd: '2.2.15', squid: '3.1.23', procps: '3.2.8' },
  unloadsTracker: true,
  apache: HTTPD_22_OF_6,
  platform: { name: 'EL', version: '6' },
};

/**
 * Versions: rpm names in public package lists and logs, of the last minor release that they show; nft came with 7.7, and was
 * not tried. Its iptables.init unloads modules by default, that of release 8 knows no such thing
 * (eurolinux-enterprise-linux-sources/iptables, 5276c73; sdwru/iptables-centos-8).
 */
const RELEASE_7: Release = {
  ...COMMON,
  kernel: '3.10',
  backports: '7',
  architectures: [X86_64, AARCH64_LARGE_PAGES],
  programs: { iptables: '1.4.21', oldNft: '0.8', httpd: '2.4.6', squid: '3.5.20', systemd: '219', procps: '3.3.10' },
  unloadsTracker: true,
  apache: HTTPD_PREFORK,
  oldPython: '2.7',
  platform: { name: 'EL', version: '7' },
};

const RELEASE_8: Release = {
  ...COMMON,
  kernel: '4.18',
  backports: '8',
  architectures: [X86_64, AARCH64_LARGE_PAGES],
  programs: { iptables: '1.8.5', nft: '1.0.4', httpd: '2.4.37', squid: '4.15', systemd: '239', procps: '3.3.15' },
  oldPython: '3.6',
  platform: { name: 'EL', version: '8' },
};

/** Its kernels from 9.0 to 9.6 were read. */
const RELEASE_9: Release = {
  ...COMMON,
  kernel: '5.14',
  backports: '9',
  programs: { iptables: '1.8.10', nft: '1.0.9', httpd: '2.4.62', squid: '5.5', systemd: '252', procps: '3.3.17' },
  platform: { name: 'EL', version: '9' },
};

const RELEASE_10: Release = {
  ...COMMON,
  kernel: '6.12',
  backports: '10',
  programs: { iptables: '1.8.11', nft: '1.1.1', httpd: '2.4.63', squid: '6.10', systemd: '257', procps: '4.0.4' },
  // iptables-nft is there, but the modules behind its matches are in kernel-modules-extra, which is not installed
  // everywhere (docker-ce-packaging #1340, kops #18724, microshift #7069).
  packetRules: 'nftables',
  // ansible-lint 6.13 does not know EL 10.
  platform: { name: 'EL', version: 'all' },
};

function rebuild(release: Release, id: string, title: string, fact: string): DistributionRow {
  const majorVersion = id.slice(id.lastIndexOf('-') + 1);
  return { ...release, id, title, facts: { distributions: [fact], majorVersion } };
}

/** Oracle Linux: with Red Hat's kernel. Its own one (UEK) is for `host.kernel`. */
export const REDHAT: readonly DistributionRow[] = [
  rebuild(RELEASE_5, 'rhel-5', 'Red Hat Enterprise Linux 5', 'RedHat'),
  rebuild(RELEASE_5, 'centos-5', 'CentOS 5', 'CentOS'),
  rebuild(RELEASE_6, 'rhel-6', 'Red Hat Enterprise Linux 6', 'RedHat'),
  rebuild(RELEASE_6, 'centos-6', 'CentOS 6', 'CentOS'),
  rebuild(RELEASE_7, 'rhel-7', 'Red Hat Enterprise Linux 7', 'RedHat'),
  rebuild(RELEASE_7, 'centos-7', 'CentOS Linux 7', 'CentOS'),
  rebuild(RELEASE_7, 'oracle-7', 'Oracle Linux 7', 'OracleLinux'),
  rebuild(RELEASE_8, 'rhel-8', 'Red Hat Enterprise Linux 8', 'RedHat'),
  rebuild(RELEASE_8, 'rocky-8', 'Rocky Linux 8', 'Rocky'),
  rebuild(RELEASE_8, 'almalinux-8', 'AlmaLinux 8', 'AlmaLinux'),
  rebuild(RELEASE_8, 'oracle-8', 'Oracle Linux 8', 'OracleLinux'),
  rebuild(RELEASE_8, 'centos-8', 'CentOS Linux 8', 'CentOS'),
  rebuild(RELEASE_8, 'centos-stream-8', 'CentOS Stream 8', 'CentOS'),
  rebuild(RELEASE_9, 'rhel-9', 'Red Hat Enterprise Linux 9', 'RedHat'),
  rebuild(RELEASE_9, 'rocky-9', 'Rocky Linux 9', 'Rocky'),
  rebuild(RELEASE_9, 'almalinux-9', 'AlmaLinux 9', 'AlmaLinux'),
  rebuild(RELEASE_9, 'oracle-9', 'Oracle Linux 9', 'OracleLinux'),
  rebuild(RELEASE_9, 'centos-stream-9', 'CentOS Stream 9', 'CentOS'),
  rebuild(RELEASE_10, 'rhel-10', 'Red Hat Enterprise Linux 10', 'RedHat'),
  rebuild(RELEASE_10, 'rocky-10', 'Rocky Linux 10', 'Rocky'),
  rebuild(RELEASE_10, 'almalinux-10', 'AlmaLinux 10', 'AlmaLinux'),
  rebuild(RELEASE_10, 'oracle-10', 'Oracle Linux 10', 'OracleLinux'),
  rebuild(RELEASE_10, 'centos-stream-10', 'CentOS Stream 10', 'CentOS'),
];
