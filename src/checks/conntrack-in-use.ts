import { isTrackingOff } from '../rules/tracking.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Plan } from '../values/plan.ts';
import type { Check } from './check.ts';

export const conntrackInUse: Check = {
  id: 'conntrack-in-use',
  severity: 'warning',
  what: 'With `conntrack` keys, something on the host tracks: a filter, translation, or a kernel before 4.10.',
  why: 'From 4.10 on the kernel tracks connections only while a rule needs it. Where none does, the table stays empty, and neither its size nor its timeouts change anything.',
  fix: 'Say in `firewall` what filters or translates packets on the host; if nothing does, remove the keys, or set `conntrack.tracking: none`.',
  source: 'commit 0c66dc1ea3f0; tried: NOTRACK without another rule, in a namespace',
  find: (plan) => {
    const written = ['maximum', 'buckets', 'untracked', 'timeouts'].filter(
      (key) => plan.profile.conntrack?.[key as 'maximum'] !== undefined,
    );
    if (written.length === 0 || isTrackingOff(plan.profile) || isTracking(plan)) return [];
    return [
      {
        message: `with \`firewall.filter: none\` nothing on this host tracks connections, so ${written.map((key) => `\`conntrack.${key}\``).join(' and ')} change nothing`,
        remedy: 'say in `firewall` what filters or translates packets there; if nothing does, remove these keys',
        causes: written.map((key) => `conntrack.${key}`),
      },
    ];
  },
};

/** Translation, a filter that matches states, or a kernel that tracks as soon as the module is there. */
function isTracking({ profile: { firewall = {}, squid }, role, host }: Plan): boolean {
  const isFiltered = (firewall.filter ?? 'none') !== 'none';
  const isTranslated = role === 'nat-gateway' || squid?.intercepting === true || (firewall.translated ?? []).length > 0;
  return isFiltered || isTranslated || isWithin(host.kernel, { until: '4.10' });
}
