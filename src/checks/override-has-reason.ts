import type { Check } from './check.ts';

export const overrideHasReason: Check = {
  id: 'override-has-reason',
  severity: 'warning',
  what: 'Each entry of `sysctl` has a `because`.',
  why: 'A bare number is what nettune is there to end: in a year nobody dares to change it, and nobody knows why it is there.',
  fix: 'Write what was seen or measured, or remove the entry.',
  source: 'write-ups of overloaded hosts: most of their values were copied from one another',
  find: ({ profile }) =>
    Object.entries(profile.sysctl ?? {})
      .filter(([, { because }]) => because === undefined)
      .map(([name]) => ({
        message: `nobody says why ${name} is set`,
        remedy: 'add `because:` with what was seen or measured, or remove the override',
        causes: [`sysctl.${name}`],
      })),
};
