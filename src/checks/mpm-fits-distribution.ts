import { httpdGeneration } from '../distributions/httpd-generations.ts';
import { serverOf } from '../roles/server.ts';
import type { Check, FileOf } from './check.ts';

export const mpmFitsDistribution: Check = {
  id: 'mpm-fits-distribution',
  severity: 'warning',
  what: '`apache.mpm` is the one that the distribution enables, or stands in the profile itself, or beside the distribution.',
  why: 'httpd skips what is written for an MPM that is not enabled, without a word: a limit for event, inherited from a base for Debian, has no effect on RHEL 7, which runs prefork.',
  fix: 'Say beside `host.distribution` which MPM its hosts have enabled.',
  source: 'Red Hat JBoss Core Services, Apache HTTP Server Connectors, Appendix F; conf.modules.d/00-mpm.conf',
  find: ({ profile, host: { distribution } }, fileOf) => {
    const mpm = profile.apache?.mpm ?? 'event';
    const { enabledMpm } = distribution.apache;
    const isKnown = mpm in httpdGeneration(distribution.programs.httpd).mpms;
    if (serverOf(profile) !== 'apache' || mpm === enabledMpm || !isKnown) return [];
    if (isMeant(fileOf)) return [];
    return [
      {
        message: `httpd of ${distribution.title} runs with the MPM \`${enabledMpm}\` unless another one is enabled, and these limits are for \`${mpm}\``,
        remedy: `set \`apache.mpm\` beside \`host.distribution\`: to \`${enabledMpm}\`, or to \`${mpm}\` once the hosts have that enabled`,
        causes: ['host.distribution', 'apache.mpm'],
      },
    ];
  },
};

/** A base for another distribution does not know what this one enables. A name is never inherited. */
function isMeant(fileOf: FileOf): boolean {
  const file = fileOf('apache.mpm');
  return file !== undefined && (file === fileOf('name') || file === fileOf('host.distribution'));
}
