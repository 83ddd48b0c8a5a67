import { assignsHelpers } from '../rules/helpers.ts';
import type { Plan } from '../values/plan.ts';
import type { Draft } from './output.ts';

/** What has nettune-host load the packet rules at boot. Helpers take nothing from a filter, so nobody has to guard them. */
export function draftUnit(plan: Plan): Draft {
  const path = `etc/systemd/system/nettune-${plan.name}.service`;
  return assignsHelpers(plan)
    ? { path, purpose: 'loads the packet rules at boot', body: { text: 'systemd/rules.service' } }
    : { path, purpose: 'loads the packet rules, and guards them', body: { text: 'systemd/guard.service' } };
}
