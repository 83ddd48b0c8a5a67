import { findLikelyName } from '../parameters/likely-name.ts';
import { findParameter } from '../parameters/parameters.ts';
import { refusalOf } from '../parameters/refused-parameters.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const parameterInCatalogue: Check = {
  id: 'parameter-in-catalogue',
  severity: 'error',
  what: 'Each entry of `sysctl` is in the catalogue or lies under net.',
  why: 'A profile may come from anybody. Some kernel parameters run programs or guard the host: nettune writes only what it knows, or what lies under net.',
  fix: 'Set it in a file of your own, such as /etc/sysctl.d/60-local.conf: nettune leaves that alone.',
  source: 'kernel.core_pattern and kernel.modprobe name programs that the kernel runs as root',
  mandatory: true,
  find: (plan) => Object.keys(plan.profile.sysctl ?? {}).flatMap((name) => breachOf(name, plan)),
};

function breachOf(name: string, plan: Plan): Breach[] {
  if (findParameter(name)?.kind === 'sysctl' || name.startsWith('net.')) return [];
  const refusal = refusalOf(name);
  const likely = refusal ? undefined : findLikelyName(name);
  const reason = refusal ? `it ${refusal}` : 'it is not in the catalogue and does not lie under net.';
  return [
    {
      message: `a profile cannot set \`${name}\`: ${reason}`,
      remedy: likely ? `did you mean \`${likely.name}\`?` : `if the host needs it, keep it in ${ownFile(plan)}`,
      causes: [`sysctl.${name}`],
    },
  ];
}

/** Files are read in the order of their names: a number below that of ours leaves what both set to the profile. */
function ownFile({ host, name }: Plan): string {
  return host.distribution.programs.systemd
    ? `a file of its own, such as /etc/sysctl.d/60-local.conf; the profile's is 90-nettune-${name}.conf`
    : '/etc/sysctl.conf';
}
