import { roleRow } from '../roles/roles.ts';
import { isOfTracker, isTrackingOff } from '../rules/tracking.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const CAUSE = 'conntrack.tracking';

export const trackingNotNeeded: Check = {
  id: 'tracking-not-needed',
  severity: 'error',
  mandatory: true,
  what: 'Where `conntrack.tracking` is none, nothing translates: the host is no gateway, no intercepting Squid, and has no `firewall.translated`; and no parameter of the tracker is set.',
  why: 'Translation needs the connection table: it would track all the same, with sizes that nobody chose, or, where the module is refused, not work at all. Parameters of the tracker are there only while it is loaded.',
  fix: 'Set `conntrack.tracking: in-use`, or do the translation elsewhere.',
  source: 'nf_nat_core.c; docs/how-to/table-full.md',
  find: (plan) => (isTrackingOff(plan.profile) ? [...findTranslation(plan), ...findParameters(plan)] : []),
};

function findTranslation({ role, profile: { squid, firewall } }: Plan): Breach[] {
  const needs = [
    ...(roleRow(role).trackingNeeded ? [{ what: 'a NAT gateway translates addresses', cause: 'role' }] : []),
    ...(squid?.intercepting
      ? [{ what: 'an intercepting Squid is reached by translation', cause: 'squid.intercepting' }]
      : []),
    ...((firewall?.translated ?? []).length > 0
      ? [{ what: 'something on this host translates', cause: 'firewall.translated' }]
      : []),
  ];
  return needs.map(({ what, cause }) => ({
    message: `connections have to be tracked: ${what}`,
    remedy: `set \`${CAUSE}: in-use\``,
    causes: [CAUSE, cause],
  }));
}

function findParameters({ decisions }: Plan): Breach[] {
  return decisions
    .filter(({ parameter }) => isOfTracker(parameter))
    .map(({ spelling, causes }) => ({
      message: `${spelling} cannot be set: nothing is tracked, and it is not there while the tracker is not loaded`,
      remedy: `remove it, or set \`${CAUSE}: in-use\``,
      causes: [...causes, CAUSE],
    }));
}
