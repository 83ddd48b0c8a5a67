import { findLikelyName } from '../parameters/likely-name.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { Breach, Check } from './check.ts';

export const parameterIsKnown: Check = {
  id: 'parameter-is-known',
  severity: 'error',
  softens: true,
  what: 'Each entry of `sysctl` is in the catalogue. A warning; an error for a name that is a letter or two off.',
  why: 'Nobody has checked whether the kernel has it and which values it takes, and a name that it lacks is skipped without an error.',
  fix: 'Correct the name. Or make sure on the host that the kernel has it and takes the value, and allow it by its name: `allow: [{ check: parameter-is-known, parameter: NAME, because: … }]`.',
  source: 'the catalogue',
  find: ({ profile }) => Object.keys(profile.sysctl ?? {}).flatMap(breachOf),
};

function breachOf(name: string): Breach[] {
  if (findParameter(name)?.kind === 'sysctl' || !name.startsWith('net.')) return [];
  const likely = findLikelyName(name);
  const remedy = likely
    ? `did you mean \`${likely.name}\`?`
    : `make sure that the kernel has it, then allow it: \`allow: [{ check: parameter-is-known, parameter: ${name}, because: … }]\``;
  return [
    {
      severity: likely?.isTypo ? 'error' : 'warning',
      message: `nettune does not know \`${name}\`, nor which values it takes`,
      remedy,
      causes: [`sysctl.${name}`],
    },
  ];
}
