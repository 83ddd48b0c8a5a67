import type { DistributionRow } from './distribution.ts';

const APACHE = {
  service: 'apache2',
  snippets: 'etc/apache2/conf-available',
  enabled: 'etc/apache2/conf-enabled',
  limitVariable: 'APACHE_ULIMIT_MAX_FILES',
};

const SQUID = { snippets: 'etc/squid/conf.d', isIncluded: true };

export const DEBIAN: readonly DistributionRow[] = [
  {
    id: 'debian-12',
    title: 'Debian 12',
    family: 'debian',
    kernel: '6.1',
    apache: APACHE,
    squid: SQUID,
    facts: { distributions: ['Debian'], majorVersion: '12' },
    platform: { name: 'Debian', version: 'bookworm' },
  },
];
