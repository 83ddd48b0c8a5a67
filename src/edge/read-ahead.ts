import { posix } from 'node:path';
import { Unreadable } from './misuse.ts';
import type { Entry } from './objects.ts';
import { followLinks, type Revision } from './revision.ts';

/** Where nearly everybody writes it; a base that is named in another way is read when it comes to it. */
const EXTENDS = /^extends: *["']?(\.\.?\/[^\s"']+)/m;

/** Reads all of these files together, then all that they extend, and so on: git is started as often as there are bases in a row. */
export function readAhead(files: readonly string[], revision: Revision): void {
  const seen = new Set<string>();
  for (let paths = files; paths.length > 0; ) {
    const found = new Map(paths.flatMap((path) => findFile(path, revision)).filter(([path]) => !seen.has(path)));
    for (const path of found.keys()) seen.add(path);
    revision.readAll([...found.values()]);
    paths = [...found].flatMap(([path, entry]) => findBase(path, revision.contents.get(entry.object)));
  }
}

/** What is wrong with it is said by whoever needs it. */
function findFile(path: string, revision: Revision): [path: string, entry: Entry][] {
  try {
    const real = followLinks(path, revision);
    const entry = real === undefined ? undefined : revision.entries.get(real);
    return real !== undefined && entry?.kind === 'file' ? [[real, entry]] : [];
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

function findBase(path: string, bytes: Uint8Array = new Uint8Array()): string[] {
  const [, reference] = EXTENDS.exec(Buffer.from(bytes).toString('utf8')) ?? [];
  return reference === undefined ? [] : [posix.join(posix.dirname(path), reference)];
}
