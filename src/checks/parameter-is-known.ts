import type { Check } from './check.ts';
import { isKnown, suggestParameter } from './parameter-in-catalogue.ts';

export const parameterIsKnown: Check = {
  id: 'parameter-is-known',
  severity: 'warning',
  why: 'Of a parameter that nettune does not know, nobody has said whether the kernel has it and which values it takes.',
  source: 'the catalogue',
  find: ({ profile }) =>
    Object.keys(profile.sysctl ?? {})
      .filter((name) => name.startsWith('net.') && !isKnown(name))
      .map((name) => ({
        message: `nettune does not know \`${name}\`, nor which values it takes`,
        remedy:
          suggestParameter(name) ?? 'make sure that the kernel has it: a name that it lacks is skipped in silence',
        causes: [`sysctl.${name}`],
      })),
};
