import type { ApacheInstallation, SquidInstallation } from './distribution.ts';

/** Debian and what comes from it: a2enconf links a snippet to where it is read. */
export const APACHE2: ApacheInstallation = {
  service: 'apache2',
  enabledMpm: 'event',
  shippedWorkers: { event: 150, worker: 150, prefork: 150 },
  snippets: 'etc/apache2/conf-available',
  enabled: 'etc/apache2/conf-enabled',
  limitVariable: 'APACHE_ULIMIT_MAX_FILES',
};

/** Red Hat from release 8 on, and what comes from it (Red Hat JBoss Core Services 2.4.57, Appendix F, says it of 7, 8 and 9). */
export const HTTPD: ApacheInstallation = {
  service: 'httpd',
  enabledMpm: 'event',
  // No file of it says anything: 16 processes of 25 threads, or 256 processes (httpd 2.4 manual, mpm_common).
  shippedWorkers: { event: 400, worker: 400, prefork: 256 },
  snippets: 'etc/httpd/conf.d',
};

/** Before release 8. */
export const HTTPD_PREFORK: ApacheInstallation = { ...HTTPD, enabledMpm: 'prefork' };

/** With httpd 2.2, whose httpd.conf names limits; it has no event MPM for production. */
export const HTTPD_22_OF_6: ApacheInstallation = {
  ...HTTPD_PREFORK,
  shippedWorkers: { event: 300, worker: 300, prefork: 256 },
};

export const HTTPD_22_OF_5: ApacheInstallation = {
  ...HTTPD_PREFORK,
  shippedWorkers: { event: 150, worker: 150, prefork: 256 },
};

/** Debian's squid.conf includes this folder. */
export const SQUID_BY_FOLDER: SquidInstallation = { snippets: 'etc/squid/conf.d', isIncluded: true };

/** Red Hat's squid.conf includes nothing. */
export const SQUID_BY_LINE: SquidInstallation = { snippets: 'etc/squid', isIncluded: false };
