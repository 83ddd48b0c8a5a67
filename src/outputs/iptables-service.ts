import { filterOf } from '../rules/packet-tool.ts';
import { trackerModules } from '../rules/tracking.ts';
import type { ForeignLine } from '../values/foreign-line.ts';
import type { Plan } from '../values/plan.ts';

/**
 * What keeps a restart of iptables.service from unloading the connection tracker, whose size, timeouts and helpers would be
 * lost with it. Its script reads the file as shell, after its own defaults; that of ip6tables is the same with other names
 * (iptables.spec). Init scripts of old need more, and read a file of ours (sysv.ts).
 */
export function iptablesServiceLines(plan: Plan): ForeignLine[] {
  const { programs, unloadsTracker } = plan.host.distribution;
  const isUsed = ['none', 'iptables'].includes(filterOf(plan.profile));
  if (!programs.systemd || !unloadsTracker || !isUsed || trackerModules(plan).length === 0) return [];
  return ['iptables', 'ip6tables'].map((script) => ({
    path: `etc/sysconfig/${script}-config`,
    line: `${script.toUpperCase()}_MODULES_UNLOAD=no`,
    isOptional: true,
  }));
}
