import type { DistributionRow } from './distribution.ts';

const APACHE = { service: 'httpd', snippets: 'etc/httpd/conf.d' };

const SQUID = { snippets: 'etc/squid', isIncluded: false };

/** Built from the same sources, so one row serves all; the kernel carries backports that nobody has read yet. */
const rebuildOf9 = (id: string, title: string, fact: string): DistributionRow => ({
  id,
  title,
  family: 'redhat',
  kernel: '5.14',
  apache: APACHE,
  squid: SQUID,
  facts: { distributions: [fact], majorVersion: '9' },
  platform: { name: 'EL', version: '9' },
});

export const REDHAT: readonly DistributionRow[] = [
  rebuildOf9('rhel-9', 'Red Hat Enterprise Linux 9', 'RedHat'),
  rebuildOf9('rocky-9', 'Rocky Linux 9', 'Rocky'),
  rebuildOf9('almalinux-9', 'AlmaLinux 9', 'AlmaLinux'),
  rebuildOf9('oracle-9', 'Oracle Linux 9', 'OracleLinux'),
  rebuildOf9('centos-stream-9', 'CentOS Stream 9', 'CentOS'),
];
