import type { Compiled } from './values/compilation.ts';
import { groupBy } from './values/group-by.ts';
import { placeOf } from './values/machine-folder.ts';

/** What says which machine a plan is for, and sums of files, whose comments may have other numbers. */
const OF_THE_MACHINE =
  /^(family|distribution|major-version|kernel|architecture|memory-mib|least-memory-mib|end) .*\n/gm;
const SUM = /^(file \d+) \S+/gm;

/** A profile, and machines in its `hosts` on which its plans come out the same. */
export interface EqualMachines {
  readonly profile: string;
  readonly machines: readonly string[];
}

/** Machines that could be one, at least for now: their hosts get the same values, rules and units. */
export function findEqualMachines(compiled: readonly Compiled[]): EqualMachines[] {
  const several = compiled.filter(({ plan }) => plan.machine !== undefined);
  return groupBy(several, ({ plan }) => plan.name).flatMap(([profile, machines]) =>
    groupBy(machines, describeEffect)
      .filter(([, alike]) => alike.length > 1)
      .map(([, alike]) => ({ profile, machines: alike.flatMap(({ plan }) => plan.machine ?? []) })),
  );
}

function describeEffect({ plan, artifacts }: Compiled): string {
  const path = `${plan.name}/${placeOf(plan, 'plan')}`;
  const lines = artifacts().find((artifact) => artifact.path === path)?.content ?? '';
  return lines.replace(OF_THE_MACHINE, '').replace(SUM, '$1');
}
