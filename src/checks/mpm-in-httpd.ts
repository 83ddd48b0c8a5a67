import { httpdGeneration } from '../distributions/httpd-generations.ts';
import { serverOf } from '../roles/server.ts';
import type { Check } from './check.ts';

export const mpmInHttpd: Check = {
  id: 'mpm-in-httpd',
  severity: 'error',
  what: "`apache.mpm` is one that the distribution's httpd has: event from 2.4 on.",
  why: 'httpd skips what is written for an MPM that it does not have, without a word, and keeps its small limits.',
  fix: 'Name the MPM that the host has enabled.',
  source: 'httpd 2.2 manual, mpm: event is experimental there',
  find: ({ profile, host: { distribution } }) => {
    const { httpd } = distribution.programs;
    const mpm = profile.apache?.mpm ?? 'event';
    const { mpms } = httpdGeneration(httpd);
    if (serverOf(profile) !== 'apache' || mpms[mpm]) return [];
    return [
      {
        message: `httpd ${httpd} of ${distribution.title} has no MPM \`${mpm}\``,
        remedy: `set \`apache.mpm\` to the one that is enabled: ${Object.keys(mpms)
          .map((name) => `\`${name}\``)
          .join(' or ')}`,
        causes: ['apache.mpm', 'host.distribution'],
      },
    ];
  },
};
