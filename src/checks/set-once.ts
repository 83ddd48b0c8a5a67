import type { Profile } from '#generated/profile.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { TimeoutKey } from '../roles/role.ts';
import { ENTRIES } from '../rules/connection-table.ts';
import { TIMEOUT_PARAMETERS } from '../rules/conntrack-timeouts.ts';
import { BUCKETS } from '../rules/table-buckets.ts';
import { parseDuration } from '../values/quantities.ts';
import type { Check } from './check.ts';

export const setOnce: Check = {
  id: 'set-once',
  severity: 'error',
  what: 'No two keys set one parameter to different values.',
  why: 'Whichever of the two wins, somebody who reads the other one is misled.',
  fix: 'Keep one of them.',
  source: 'the profile itself',
  find: ({ profile }) => {
    const assignments = listAssignments(profile);
    return assignments.flatMap((assignment, index) => {
      const earlier = assignments
        .slice(0, index)
        .find(({ parameter, value }) => parameter === assignment.parameter && value !== assignment.value);
      if (!earlier) return [];
      return [
        {
          message: `${assignment.parameter} is set to ${assignment.value} here, and to ${earlier.value} by \`${earlier.path}\``,
          remedy: 'keep one of the two',
          causes: [assignment.path, earlier.path],
        },
      ];
    });
  },
};

interface Assignment {
  readonly path: string;
  readonly parameter: string;
  readonly value: string;
}

function listAssignments({ conntrack, sysctl }: Profile): Assignment[] {
  const timeouts = Object.entries(conntrack?.timeouts ?? {}).map(([key, written]) => ({
    path: `conntrack.timeouts.${key}`,
    parameter: TIMEOUT_PARAMETERS[key as TimeoutKey],
    value: String(parseDuration(written as string | number)),
  }));
  const sizes = [
    { path: 'conntrack.maximum', parameter: ENTRIES, value: String(conntrack?.maximum) },
    { path: 'conntrack.buckets', parameter: BUCKETS, value: String(conntrack?.buckets) },
  ].filter(({ value }) => /^\d+$/.test(value));
  const overrides = Object.entries(sysctl ?? {}).map(([name, { value }]) => ({
    path: `sysctl.${name}`,
    parameter: findParameter(name)?.name ?? name,
    value: String(value),
  }));
  return [...sizes, ...timeouts, ...overrides];
}
