import { Option } from 'commander';
import { Misuse } from '../edge/misuse.ts';
import { quote } from '../text/printable.ts';
import type { Compilation } from '../values/compilation.ts';

export const machineOption = (): Option =>
  new Option('--machine <name>', 'of profiles for several machines, this machine only');

/** What concerns this machine of the profiles in a compilation; all of it without a name. */
export function narrowToMachine<Whole extends Compilation>(whole: Whole, name: string | undefined): Whole {
  if (name === undefined) return whole;
  const compiled = whole.compiled.filter(({ plan }) => plan.machine === name);
  // With errors there may be no plan that knows its machine.
  if (compiled.length === 0 && whole.compiled.length > 0) throw new Misuse(describeAbsence(whole, name));
  return { ...whole, compiled, problems: whole.problems.filter(({ machines }) => machines?.includes(name) ?? true) };
}

function describeAbsence({ compiled }: Compilation, name: string): string {
  const names = [...new Set(compiled.flatMap(({ plan }) => plan.machine ?? []))];
  const there = names.length > 0 ? `there are ${names.join(', ')}` : 'none of these profiles has `hosts`';
  return `there is no machine ${quote(name)}: ${there}`;
}
