import { serverOf } from '../roles/server.ts';
import { shippedWorkers, workerBytes } from '../rules/apache-workers.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const workersNotLowered: Check = {
  id: 'workers-not-lowered',
  severity: 'warning',
  what: 'Apache gets at least as many workers as it has on this distribution when nobody says otherwise: 150 on Debian and Ubuntu; on the others 400, or 256 with prefork.',
  why: 'A host that served more requests at once before makes clients wait, at night, when nobody thinks of a profile that was about something else.',
  fix: 'Measure `apache.memoryPerWorker`: what is usual is more than a small site needs. Or give the host more memory, or allow this if the host never served more.',
  source: "Debian's mods-available/mpm_*.conf; httpd.conf of Red Hat 5 and 6; httpd 2.4 manual, mpm_common",
  find: (plan) => {
    const { profile, host } = plan;
    const workers = numberFor(plan, 'MaxRequestWorkers');
    const shipped = shippedWorkers(plan);
    if (serverOf(profile) !== 'apache' || workers === undefined || workers >= shipped) return [];
    const isSet = profile.apache?.maxRequestWorkers !== undefined;
    const room = isSet
      ? ''
      : `: half of ${formatSize(host.memoryBytes)} has no room for more of ${formatSize(workerBytes(profile))} each`;
    return [
      {
        message: `${formatCount(workers)} workers are fewer than the ${formatCount(shipped)} that Apache of ${host.distribution.title} has anyway${room}`,
        remedy: isSet
          ? `set \`apache.maxRequestWorkers\` to ${shipped} at least, or leave it out`
          : 'measure `apache.memoryPerWorker`, or give the host more memory; or allow this if the host never served more at once',
        causes: [...new Set([...(decisionOn(plan, 'MaxRequestWorkers')?.causes ?? []), 'host.distribution'])],
      },
    ];
  },
};
