import type { WrittenChange } from '../values/comparison.ts';
import type { Cause } from '../values/explanation.ts';
import type { Pair, Subject } from './subject.ts';

/** What identifies a profile or brings others in; a comparison tells both in another way. */
const NO_FIGURES = ['name', 'extends'];

/** Keys that are written differently, the causes of decisions before all others; where they stand does not count. */
export function changedKeys({ before, after }: Pair): WrittenChange[] {
  if (!before || !after) return [];
  const paths = new Set([...causesOf(after), ...causesOf(before), ...after.keys(), ...before.keys()]);
  const changes = [...paths]
    .filter((path) => !NO_FIGURES.includes(path))
    .map((path) => ({ path, before: withoutPath(before.lookUp(path)), after: withoutPath(after.lookUp(path)) }))
    .filter((change) => inOrder(change.before.written) !== inOrder(change.after.written));
  return withoutOverlaps(changes);
}

/** Of a key and a part of it, which both differ then, the one that comes first. */
function withoutOverlaps(changes: readonly WrittenChange[]): WrittenChange[] {
  const taken = new Set<string>();
  const around = new Set<string>();
  return changes.filter(({ path }) => {
    const outer = path.split('.').map((_, index, steps) => steps.slice(0, index + 1).join('.'));
    if (around.has(path) || outer.some((each) => taken.has(each))) return false;
    taken.add(path);
    for (const each of outer) around.add(each);
    return true;
  });
}

function causesOf({ explanation: { decisions, omissions } }: Subject): string[] {
  return [...decisions, ...omissions].flatMap(({ causes }) => causes.map(({ path }) => path));
}

function withoutPath({ path: _, ...rest }: Cause): Omit<Cause, 'path'> {
  return rest;
}

/** As text in which the order of keys does not show. */
function inOrder(written: unknown): string | undefined {
  return JSON.stringify(written, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
