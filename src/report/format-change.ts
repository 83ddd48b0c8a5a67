import type { Change } from '../values/change.ts';
import type { Style } from './style.ts';

const COLOURS = { create: 'green', update: 'yellow', same: 'dim', stale: 'red' } as const;

/** A line for each change: what happens to it, its path, size and purpose. */
export function formatChanges(changes: readonly Change[], style: Style): string[] {
  const width = Math.max(0, ...changes.map(({ path }) => path.length));
  return changes.map((change) => {
    const kind = style(COLOURS[change.kind], change.kind.padEnd(6));
    if (change.kind === 'stale')
      return `${kind}  ${change.path.padEnd(width)}  ${style('dim', 'no profile makes this file any more')}`;
    const bytes = `${formatBytes(Buffer.byteLength(change.artifact.content))}`.padStart(8);
    return `${kind}  ${change.path.padEnd(width)}  ${bytes}  ${style('dim', change.artifact.purpose)}`;
  });
}

/** `12 files: 3 created, 9 the same` */
export function countChanges(changes: readonly Change[], words: Readonly<Record<Change['kind'], string>>): string {
  const kinds = (['create', 'update', 'same', 'stale'] as const).flatMap((kind) => {
    const found = changes.filter((change) => change.kind === kind).length;
    return found === 0 ? [] : [`${found} ${words[kind]}`];
  });
  return `${changes.length} ${changes.length === 1 ? 'file' : 'files'}: ${kinds.join(', ') || 'nothing to do'}`;
}

function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
