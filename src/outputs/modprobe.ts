import { findParameter } from '../parameters/parameters.ts';
import { conntrackModules } from '../rules/kernel-table.ts';
import { commentOn } from '../text/comments.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision } from '../values/plan.ts';
import type { Output } from './output.ts';

/** The connection table's hash size at load time, loading before sysctl is applied, and sysctl again after a reload. */
export const modprobe: Output = {
  id: 'modprobe',
  territory: ['etc/modprobe.d/', 'etc/modules-load.d/', 'etc/udev/rules.d/'],
  draft: (plan) => [
    {
      path: `etc/modprobe.d/nettune-${plan.name}.conf`,
      purpose: 'hash size of the connection table when its module is loaded',
      body: { template: 'modprobe/modprobe.conf', view: { options: plan.decisions.filter(isOption).map(asOption) } },
    },
    {
      path: `etc/modules-load.d/nettune-${plan.name}.conf`,
      purpose: 'loads the module at boot, before sysctl is applied',
      body: { template: 'modprobe/modules-load.conf', view: { modules: conntrackModules(plan.host) } },
    },
    {
      path: `etc/udev/rules.d/90-nettune-${plan.name}.rules`,
      purpose: 'applies sysctl again when the module is loaded later',
      body: { template: 'modprobe/udev.rules', view: { modules: conntrackModules(plan.host) } },
    },
  ],
};

function isOption({ parameter }: Decision): boolean {
  return findParameter(parameter)?.kind === 'module-option';
}

/** The parameter is the module and its option; nothing may follow the value, not even a comment. */
function asOption(decision: Decision) {
  return { comment: commentOn(decision), line: `options ${decision.parameter}=${formatValue(decision.value)}` };
}
