import { findParameter, PARAMETERS } from '../parameters/parameters.ts';
import { closestName } from '../text/suggest.ts';
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
  if (isKnown(name) || name.startsWith('net.')) return [];
  const meant = suggestParameter(name);
  return [
    {
      message: `\`${name}\` is not a network parameter, and a profile cannot set it`,
      remedy: meant ?? 'remove it',
      causes: [`sysctl.${name}`],
    },
  ];
}

export function isKnown(name: string): boolean {
  return findParameter(name)?.kind === 'sysctl';
}

/** `did you mean …?`, when a known name is close. */
export function suggestParameter(name: string): string | undefined {
  const known = PARAMETERS.filter(({ kind }) => kind === 'sysctl').map((row) => row.name);
  const likely = closestName(name, known);
  return likely && `did you mean \`${likely}\`?`;
}
