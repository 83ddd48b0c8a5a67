import type { DistributionRow } from './distribution.ts';

const APACHE = { service: 'apache2', snippets: 'etc/apache2/conf-available', enabled: 'etc/apache2/conf-enabled' };

export const DEBIAN: readonly DistributionRow[] = [
  {
    id: 'debian-12',
    title: 'Debian 12',
    family: 'debian',
    kernel: '6.1',
    apache: APACHE,
    facts: { distributions: ['Debian'], majorVersion: '12' },
    platform: { name: 'Debian', version: 'bookworm' },
  },
];
