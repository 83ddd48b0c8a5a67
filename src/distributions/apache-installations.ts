import type { ApacheInstallation } from './distribution.ts';

/** Debian and what comes from it: a2enconf links a snippet to where it is read. */
export const APACHE2: ApacheInstallation = {
  service: 'apache2',
  snippets: 'etc/apache2/conf-available',
  enabled: 'etc/apache2/conf-enabled',
};

/** Red Hat and what comes from it. */
export const HTTPD: ApacheInstallation = { service: 'httpd', snippets: 'etc/httpd/conf.d' };
