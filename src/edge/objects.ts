import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import { printable } from '../text/printable.ts';
import { askGit } from './git.ts';
import { Unreadable } from './misuse.ts';
import { readObjects } from './read-objects.ts';

/** What git has at a path of a revision. */
export interface Entry {
  readonly kind: 'file' | 'link' | 'submodule';
  /** The name of its contents. */
  readonly object: string;
}

/** The contents of a repository. */
export interface Objects {
  /** The bytes of a file or link, of which at most as many are kept as tell that it is too large. */
  readonly bytesOf: (entry: Entry) => Uint8Array;
  /** Has git started once for many of them; what it lacks is left to `bytesOf`. */
  readonly readAll: (entries: readonly Entry[]) => void;
  /** What was read so far, by the names of the objects. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

export const REFETCH = '`git fetch --refetch --no-filter` brings it';

/** Each is read once, however many profiles extend it. */
export function openObjects(repository: string): Objects {
  const contents = new Map<string, Uint8Array>();
  const keep = (object: string, bytes: Uint8Array) => contents.set(object, bytes);
  return {
    contents,
    bytesOf: ({ object }) => {
      const bytes = contents.get(object) ?? readObject(repository, object);
      keep(object, bytes);
      return bytes;
    },
    readAll: (entries) => {
      const objects = entries.map(({ object }) => object).filter((object) => !contents.has(object));
      if (objects.length === 0) return;
      for (const [object, bytes] of readObjects(repository, [...new Set(objects)])) keep(object, bytes);
    },
  };
}

function readObject(repository: string, object: string): Uint8Array {
  const question = { mostBytes: MAX_SOURCE_BYTES + 1 };
  const { isFine, bytes, complaint } = askGit(repository, ['cat-file', 'blob', object], question);
  if (isFine) return bytes;
  if (complaint.includes('corrupt')) throw new Unreadable(`cannot be read: ${printable(complaint)}`);
  throw new Unreadable(`is not in this clone; if it is a partial one, ${REFETCH}`);
}
