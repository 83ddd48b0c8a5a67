import { httpdGeneration } from '../distributions/httpd-generations.ts';
import { serverOf } from '../roles/server.ts';
import type { Check } from './check.ts';

export const mpmInHttpd: Check = {
  id: 'mpm-in-httpd',
  severity: 'error',
  what: "`apache.mpm` is one that the distribution's httpd has for production: event from 2.4 on.",
  why: 'Event is an experiment in 2.2, another one than that of 2.4: no limits are written for it, and a snippet for an MPM that httpd does not run is skipped without a word.',
  fix: 'Name the MPM that the host has enabled.',
  source: 'httpd 2.2 manual, mpm: event is experimental there',
  find: ({ profile, host: { distribution } }) => {
    const { httpd } = distribution.programs;
    const mpm = profile.apache?.mpm ?? 'event';
    const { mpms } = httpdGeneration(httpd);
    if (serverOf(profile) !== 'apache' || mpms[mpm]) return [];
    return [
      {
        message: `the MPM \`${mpm}\` of httpd ${httpd} of ${distribution.title} is an experiment, and there are no limits for it`,
        remedy: `set \`apache.mpm\` to the one that is enabled: ${Object.keys(mpms)
          .map((name) => `\`${name}\``)
          .join(' or ')}`,
        causes: ['apache.mpm', 'host.distribution'],
      },
    ];
  },
};
