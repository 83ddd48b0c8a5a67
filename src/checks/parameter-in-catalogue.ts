import { findParameter } from '../parameters/parameters.ts';
import { suggestParameter } from '../parameters/suggest-parameter.ts';
import type { Breach, Check } from './check.ts';

export const parameterInCatalogue: Check = {
  id: 'parameter-in-catalogue',
  severity: 'error',
  why: 'A profile may come from anybody: some kernel parameters run programs, and nettune writes only what it knows, or what lies under net.',
  source: 'kernel.core_pattern and kernel.modprobe name programs that the kernel runs as root',
  mandatory: true,
  find: ({ profile }) => Object.keys(profile.sysctl ?? {}).flatMap(breachOf),
};

function breachOf(name: string): Breach[] {
  if (findParameter(name)?.kind === 'sysctl') return [];
  const likely = suggestParameter(name);
  const meant = likely ? `did you mean \`${likely}\`?` : undefined;
  const causes = [`sysctl.${name}`];
  if (name.startsWith('net.'))
    return [
      {
        message: `nettune does not know \`${name}\` and cannot check its value`,
        remedy: meant ?? 'make sure that the kernel has it: a name that it lacks is skipped in silence',
        causes,
        severity: 'warning',
      },
    ];
  return [
    {
      message: `\`${name}\` is not a network parameter, and a profile cannot set it`,
      remedy: meant ?? 'remove it',
      causes,
    },
  ];
}
