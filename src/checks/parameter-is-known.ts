import { findLikelyName } from '../parameters/likely-name.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { Breach, Check } from './check.ts';

export const parameterIsKnown: Check = {
  id: 'parameter-is-known',
  severity: 'error',
  softens: true,
  what: 'Each entry of `sysctl` is in the catalogue. A warning, but for one that is a letter or two off.',
  why: 'Of a parameter that nettune does not know, nobody has said whether the kernel has it and which values it takes.',
  fix: 'Correct the name, or make sure on the host that the kernel has it and takes the value.',
  source: 'the catalogue',
  find: ({ profile }) => Object.keys(profile.sysctl ?? {}).flatMap(breachOf),
};

function breachOf(name: string): Breach[] {
  if (findParameter(name)?.kind === 'sysctl' || !name.startsWith('net.')) return [];
  const likely = findLikelyName(name);
  const remedy = likely
    ? `did you mean \`${likely.name}\`?`
    : 'make sure that the kernel has it: a name that it lacks is skipped without an error';
  return [
    {
      severity: likely?.isTypo ? 'error' : 'warning',
      message: `nettune does not know \`${name}\`, nor which values it takes`,
      remedy,
      causes: [`sysctl.${name}`],
    },
  ];
}
