import { posix } from 'node:path';
import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import { quote } from '../text/printable.ts';
import { findCommit } from './find-commit.ts';
import { askGit } from './git.ts';
import { Misuse, Unreadable } from './misuse.ts';
import { findRepository, realPathOf } from './repository.ts';

/** All files of a repository as they were at a revision. */
export interface Revision {
  /** As the user named it. */
  readonly name: string;
  /** The top of the repository, every link followed. */
  readonly repository: string;
  /** By their paths from there. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Names of what is in each folder, by its path; the top is `.`. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
  /** The bytes of a file or link, of which at most as many are kept as tell that it is too large. */
  readonly bytesOf: (entry: Entry) => Uint8Array;
}

export interface Entry {
  readonly kind: 'file' | 'link' | 'submodule';
  readonly object: string;
}

/** The revision of the repository in which this folder lies. */
export function openRevision(name: string, folder: string): Revision {
  const repository = findRepository(realPathOf(folder));
  if (repository === undefined)
    throw new Misuse('--git needs a repository: neither this folder nor one above it has a .git');
  const entries = listEntries(findCommit(name, repository), repository, name);
  return { name, repository, entries, folders: gatherFolders(entries.keys()), bytesOf: readOnce(repository) };
}

/** More than the system follows. */
const MOST_LINKS = 40;

/** Where a path really leads, every link followed; undefined where it leads to nothing. */
export function followLinks(path: string, revision: Revision, links = 0): string | undefined {
  const steps = path.split('/');
  for (const [index] of steps.entries()) {
    const reached = steps.slice(0, index + 1).join('/');
    const entry = revision.entries.get(reached);
    if (entry?.kind !== 'link') continue;
    const target = Buffer.from(revision.bytesOf(entry)).toString('utf8');
    const next = posix.join(posix.dirname(reached), target, ...steps.slice(index + 1));
    if (isOutside(next) || posix.isAbsolute(target)) throw new Unreadable('leads out of its repository by a link');
    return links < MOST_LINKS ? followLinks(next, revision, links + 1) : undefined;
  }
  return revision.entries.has(path) || revision.folders.has(path) ? path : undefined;
}

/** Of a path from the top of a repository. */
export function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../');
}

const REFETCH = '`git fetch --refetch --no-filter` brings it';

/** Starts git once for each object, however many profiles extend it. */
function readOnce(repository: string): Revision['bytesOf'] {
  const read = new Map<string, Uint8Array>();
  return ({ object }) => {
    const bytes = read.get(object) ?? readObject(repository, object);
    read.set(object, bytes);
    return bytes;
  };
}

function readObject(repository: string, object: string): Uint8Array {
  const { isFine, bytes } = askGit(repository, ['cat-file', 'blob', object], MAX_SOURCE_BYTES + 1);
  if (!isFine) throw new Unreadable(`is not in this clone; if it is a partial one, ${REFETCH}`);
  return bytes;
}

const KINDS: Readonly<Record<string, Entry['kind']>> = { '120000': 'link', '160000': 'submodule' };

function listEntries(commit: string, repository: string, name: string): ReadonlyMap<string, Entry> {
  const { isFine, bytes, complaint } = askGit(repository, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  if (!isFine) throw new Misuse(`the files of ${quote(name)} cannot be listed: ${quote(complaint)}; ${REFETCH}`);
  const lines = bytes.toString('utf8').split('\0').slice(0, -1);
  return new Map(lines.map(readEntry));
}

/** `100644 blob 8baef1b4…`, a tab, and the path, which may hold any character. */
function readEntry(line: string): [path: string, entry: Entry] {
  const tab = line.indexOf('\t');
  const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
  return [line.slice(tab + 1), { kind: KINDS[mode] ?? 'file', object }];
}

function gatherFolders(paths: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map([['.', new Set<string>()]]);
  for (const path of paths) {
    let child = path;
    for (; !folders.has(posix.dirname(child)); child = posix.dirname(child))
      folders.set(posix.dirname(child), new Set([posix.basename(child)]));
    folders.get(posix.dirname(child))?.add(posix.basename(child));
  }
  return folders;
}
