import { spell } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { formatKernelVersion, isWithin } from '../values/kernel-version.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const parameterExistsInKernel: Check = {
  id: 'parameter-exists-in-kernel',
  severity: 'error',
  what: 'Each entry of `sysctl` is there in the kernel of the host, by that name.',
  why: 'systemd-sysctl and sysctl --system skip a name that the kernel does not have, without an error.',
  fix: 'Use the name of that kernel, or what stands in for it: `nettune parameters NAME --kernel VERSION`.',
  source: 'tried: procps 4.0.2, systemd 252',
  find: (plan) => Object.keys(plan.profile.sysctl ?? {}).flatMap((name) => breachOf(name, plan)),
};

function breachOf(name: string, { host }: Plan): Breach[] {
  const row = findParameter(name);
  if (row?.kind !== 'sysctl') return [];
  const spelled = spell(row, host);
  if (spelled === name) return [];
  const kernel = formatKernelVersion(host.kernel);
  const causes = [`sysctl.${name}`, 'host.kernel', 'host.distribution'];
  if (spelled !== undefined)
    return [
      {
        message: `nettune writes \`${name}\` as \`${spelled}\` for kernel ${kernel}`,
        remedy: `write \`${spelled}\``,
        causes,
      },
    ];
  const { since, until } = row.exists;
  const isGone = until !== undefined && !isWithin(host.kernel, { until });
  const when = isGone ? `it was removed in ${until}` : `it came with ${since}`;
  return [
    {
      message: `kernel ${kernel} has no \`${name}\`: ${when}`,
      remedy: `remove it${isGone && row.insteadOf ? `: ${row.insteadOf}` : ''}`,
      causes,
    },
  ];
}
