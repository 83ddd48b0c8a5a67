import type { DescribedDefault } from '../parameters/describe-parameter.ts';
import type { Bounds, Combination, Fact, Scope } from '../parameters/parameter.ts';
import { formatValue } from '../values/format-value.ts';
import { groupBy } from '../values/group-by.ts';
import type { KernelRange } from '../values/kernel-version.ts';
import { formatSize } from '../values/quantities.ts';

const SCOPES: Readonly<Record<Scope, string>> = {
  namespace: 'each network namespace',
  'machine-hidden': 'the machine; other network namespaces do not have it',
  'machine-readable': 'the machine; other network namespaces can only read it',
  'machine-writable': 'the machine; other network namespaces can write it, and change the machine',
};

/** What counts for an interface, by what `all` and the interface have. */
export const COMBINATIONS: Readonly<Record<Combination, string>> = {
  either: 'on where `all` or the interface is on: to switch it off, set `all` and `default` to 0',
  both: 'on only where `all` and the interface are on',
  larger: 'the larger of `all` and the interface counts',
  smaller: 'the smaller of `all` and the interface counts',
  interface: 'the interface alone counts; `all` does nothing, and `default` is for interfaces to come',
  'all-sets': 'the interface counts, and writing `all` sets every interface',
};

export function formatScope(scope: Scope): string {
  return SCOPES[scope];
}

/** `1 to 65535 ports`; the unit is put where there is one. */
export function formatBounds({ min, max, byHz, minByHz }: Bounds, unit = ''): string {
  const least = minByHz ? `${min} with HZ=1000 (more with less)` : min;
  return `${`${least} to ${formatValue(max)} ${unit}`.trimEnd()}${byHz ? ' with HZ=1000, more with less' : ''}`;
}

/** The value, or those of some sizes of memory, with the formula. */
export function formatDefault({ value, byMemory, formula }: DescribedDefault, unit = ''): string {
  const examples = byMemory?.map((each) => `${formatValue(each.value)} with ${formatSize(each.memoryMiB * 2 ** 20)}`);
  if (examples) return `${examples.join(', ')}${formula ? `: ${formula}` : ''}`;
  if (formula !== undefined) return formula;
  return value === '' || value === undefined ? 'empty' : `${formatValue(value)} ${unit}`.trimEnd();
}

/** On which kernels something holds; empty for all of them. */
export function formatRange({ since, until }: KernelRange): string {
  if (since !== undefined && until !== undefined) return `from ${since} to before ${until}`;
  if (since !== undefined) return `from ${since} on`;
  return until === undefined ? '' : `before ${until}`;
}

/** A fact with the kernels that it holds on. */
export function formatFact<Each extends Fact>(fact: Each, format: (fact: Each) => string): string {
  const text = [format(fact), formatRange(fact)].filter((part) => part !== '').join(', ');
  return `${text}${fact.unverified ? ' (the exact release is not certain)' : ''}`;
}

/** A line for each that reads differently, with all of its kernels: `0 to 255, from 5.10.178 to before 5.11; from 5.13 on`. */
export function formatFacts<Each extends Fact>(facts: readonly Each[], format: (fact: Each) => string): string[] {
  return groupBy(facts, format).map(([text, alike]) => {
    const [first, ...others] = alike;
    if (first && others.length === 0) return formatFact(first, format);
    const isCertain = alike.every(({ unverified }) => !unverified);
    return `${text}, ${alike.map(formatRange).join('; ')}${isCertain ? '' : ' (not all releases are certain)'}`;
  });
}
