import { commentOn } from '../text/comments.ts';
import { decisionOn } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import type { Plan } from '../values/plan.ts';
import type { Output } from './output.ts';

const MODULE = 'nf_conntrack';

/** The connection table's hash size at load time, loading before sysctl is applied, and sysctl again after a reload. */
export const modprobe: Output = {
  id: 'modprobe',
  territory: ['etc/modprobe.d/', 'etc/modules-load.d/', 'etc/udev/rules.d/'],
  draft: (plan) => [
    {
      path: `etc/modprobe.d/nettune-${plan.name}.conf`,
      purpose: 'hash size of the connection table when its module is loaded',
      body: { template: 'modprobe/modprobe.conf', view: { module: MODULE, ...hashSize(plan) } },
    },
    {
      path: `etc/modules-load.d/nettune-${plan.name}.conf`,
      purpose: 'loads the module at boot, before sysctl is applied',
      body: { template: 'modprobe/modules-load.conf', view: { module: MODULE } },
    },
    {
      path: `etc/udev/rules.d/90-nettune-${plan.name}.rules`,
      purpose: 'applies sysctl again when the module is loaded later',
      body: { template: 'modprobe/udev.rules', view: { module: MODULE } },
    },
  ],
};

function hashSize(plan: Plan) {
  const decision = decisionOn(plan, `${MODULE} hashsize`);
  return decision
    ? { comment: commentOn(decision), buckets: formatValue(decision.value) }
    : { comment: [], buckets: '' };
}
