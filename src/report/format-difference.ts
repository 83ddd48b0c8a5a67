import { createTwoFilesPatch } from 'diff';
import { printable } from '../text/printable.ts';
import type { Change } from '../values/change.ts';

/** A change as a unified diff. What was on disk may be anything, so it is made printable. */
export function formatDifference(change: Change): string {
  const before = change.kind === 'update' || change.kind === 'stale' ? change.current : undefined;
  const after = change.kind === 'stale' ? undefined : change.artifact;
  const name = (file: unknown, prefix: string) => (file ? `${prefix}/${change.path}` : '/dev/null');
  const patch = createTwoFilesPatch(
    name(before, 'a'),
    name(after, 'b'),
    before?.content ?? '',
    after?.content ?? '',
    undefined,
    undefined,
    { context: 3 },
  );
  const mode =
    before && after && before.content === after.content
      ? [`mode of ${change.path} becomes ${after.mode.toString(8)}`]
      : [];
  return [
    ...patch
      .split('\n')
      .slice(1)
      .map((line) => printable(line.replaceAll('\t', '  '))),
    ...mode,
  ]
    .join('\n')
    .trimEnd();
}
