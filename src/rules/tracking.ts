import type { Profile } from '#generated/profile.ts';
import { conntrackModules } from '../parameters/conntrack-modules.ts';
import { PARAMETERS } from '../parameters/parameters.ts';
import type { Host } from '../values/host.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Omission, Plan } from '../values/plan.ts';

/** Whether the host is to track no connection at all. */
export function isTrackingOff({ conntrack }: Pick<Profile, 'conntrack'>): boolean {
  return conntrack?.tracking === 'none';
}

/** Whether a parameter is the tracker's, by the name of its row: there only while its module is. */
export function isOfTracker(parameter: string): boolean {
  return /^(net\.netfilter\.nf_conntrack_|nf_conntrack )/.test(parameter);
}

/** Modules that have to be loaded before parameters are set. */
export function trackerModules({ profile, host }: Pick<Plan, 'profile' | 'host'>): readonly string[] {
  return isTrackingOff(profile) ? [] : conntrackModules(host);
}

/**
 * The module that must never be loaded, because then everything is tracked. From 4.10 on it does nothing by itself, and to
 * forbid it would only break the first rule that needs it.
 */
export function forbiddenModule({ profile, host }: Pick<Plan, 'profile' | 'host'>): string | undefined {
  return isTrackingOff(profile) && isWithin(host.kernel, { until: '4.10' }) ? conntrackModules(host)[0] : undefined;
}

const SINCE_4_10 =
  'This host tracks no connections, so the tracker has no size and no timeouts, and nothing loads it. From 4.10 on the kernel tracks nothing until a rule needs it: keep rules on states, and translation, away. nf_conntrack_count, if it is there at all, stays 0.';

/** Left alone because nothing is tracked. */
export function omitTracker(profile: Profile, host: Host): Omission[] {
  if (!isTrackingOff(profile)) return [];
  const forbidden = forbiddenModule({ profile, host });
  return [
    {
      subject: 'connection tracking',
      parameters: PARAMETERS.map(({ name }) => name).filter(isOfTracker),
      reason: forbidden
        ? `This host tracks no connections, so the tracker has no size and no timeouts. Before 4.10 the kernel tracks everything as soon as ${forbidden} is loaded: modprobe is told to refuse it.`
        : SINCE_4_10,
      causes: ['conntrack.tracking'],
    },
  ];
}
