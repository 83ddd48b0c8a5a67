import type { ApacheInstallation, SquidInstallation } from './distribution.ts';

/** Debian and what comes from it: a2enconf links a snippet to where it is read. */
export const APACHE2: ApacheInstallation = {
  service: 'apache2',
  snippets: 'etc/apache2/conf-available',
  enabled: 'etc/apache2/conf-enabled',
  limitVariable: 'APACHE_ULIMIT_MAX_FILES',
};

/** Red Hat and what comes from it. */
export const HTTPD: ApacheInstallation = { service: 'httpd', snippets: 'etc/httpd/conf.d' };

/** Debian's squid.conf includes this folder. */
export const SQUID_BY_FOLDER: SquidInstallation = { snippets: 'etc/squid/conf.d', isIncluded: true };

/** Red Hat's squid.conf includes nothing. */
export const SQUID_BY_LINE: SquidInstallation = { snippets: 'etc/squid', isIncluded: false };
