import { findLikelyName } from '../parameters/likely-name.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { Breach, Check } from './check.ts';

export const parameterInCatalogue: Check = {
  id: 'parameter-in-catalogue',
  severity: 'error',
  what: 'Each entry of `sysctl` is in the catalogue or lies under net.',
  why: 'A profile may come from anybody: some kernel parameters run programs, and nettune writes only what it knows, or what lies under net.',
  fix: 'Set it by other means than a profile.',
  source: 'kernel.core_pattern and kernel.modprobe name programs that the kernel runs as root',
  mandatory: true,
  find: ({ profile }) => Object.keys(profile.sysctl ?? {}).flatMap(breachOf),
};

function breachOf(name: string): Breach[] {
  if (findParameter(name)?.kind === 'sysctl' || name.startsWith('net.')) return [];
  const likely = findLikelyName(name);
  return [
    {
      message: `\`${name}\` is not in the catalogue and does not lie under net., so a profile cannot set it`,
      remedy: likely ? `did you mean \`${likely.name}\`?` : 'remove it',
      causes: [`sysctl.${name}`],
    },
  ];
}
