import { readBack } from '../deploy/read-back.ts';
import { findParameter } from '../parameters/parameters.ts';
import { modulesToLoad } from '../rules/tracking.ts';
import type { Plan } from '../values/plan.ts';
import type { Draft, Output } from './output.ts';

/** What hosts without systemd have instead: an init script, and lines for the scripts of iptables. */
export const sysv: Output = {
  id: 'sysv',
  territory: ['etc/rc.d/init.d/nettune-', 'etc/sysconfig/nettune-'],
  draft: (plan) => (plan.host.distribution.programs.systemd ? [] : [draftScript(plan), ...draftConfig(plan)]),
};

/** Not in etc/init.d, which is a link: a copy of our folder over the host's would break on it. */
function draftScript(plan: Plan): Draft {
  const options = plan.decisions.filter(({ parameter }) => findParameter(parameter)?.kind === 'module-option');
  return {
    path: `etc/rc.d/init.d/nettune-${plan.name}`,
    mode: 0o755,
    purpose: 'puts kernel parameters and packet rules into effect at boot',
    body: {
      template: 'sysv/init.sh',
      view: {
        name: plan.name,
        modules: modulesToLoad(plan),
        options: options.map((decision) => ({
          path: `/sys/module/${decision.spelling.replace(' ', '/parameters/')}`,
          value: readBack(decision, plan),
        })),
      },
    },
  };
}

/** Nothing to keep where nothing is loaded. */
function draftConfig(plan: Plan): Draft[] {
  const [prefix] = modulesToLoad(plan);
  if (prefix === undefined) return [];
  return [
    {
      path: `etc/sysconfig/nettune-${plan.name}`,
      purpose: 'keeps the connection table when iptables is restarted; to be read by iptables-config',
      body: { template: 'sysv/iptables-config', view: { name: plan.name, prefix } },
    },
  ];
}
