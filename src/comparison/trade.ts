import type { Traded } from '../values/comparison.ts';

/** What only the one side has, and what only the other; two things with the same key are the same thing, one for one. */
export function trade<Thing>(
  before: readonly Thing[] | undefined,
  after: readonly Thing[] | undefined,
  keyOf: (thing: Thing) => string,
): Traded<Thing> {
  return { gone: lacking(before ?? [], after ?? [], keyOf), new: lacking(after ?? [], before ?? [], keyOf) };
}

function lacking<Thing>(
  these: readonly Thing[],
  those: readonly Thing[],
  keyOf: (thing: Thing) => string,
): readonly Thing[] {
  const left = countBy(those, keyOf);
  return these.filter((thing) => {
    const count = left.get(keyOf(thing)) ?? 0;
    left.set(keyOf(thing), count - 1);
    return count <= 0;
  });
}

function countBy<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(keyOf(thing), (counts.get(keyOf(thing)) ?? 0) + 1);
  return counts;
}

export function isTraded({ gone, new: come }: Traded<unknown>): boolean {
  return gone.length + come.length > 0;
}
