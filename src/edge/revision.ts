import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { printable, quote } from '../text/printable.ts';
import { isMark } from '../values/source.ts';
import { findCommit } from './find-commit.ts';
import { askGit } from './git.ts';
import { Misuse, Unreadable } from './misuse.ts';
import { type Entry, type Objects, openObjects, REFETCH } from './objects.ts';
import { findRepository, realPathOf } from './repository.ts';

/** All files of a repository as they were at a revision. */
export interface Revision extends Objects {
  /** As the user named it, unless it could be taken for a mark of ours. */
  readonly name: string;
  /** The top of the repository, every link followed. */
  readonly repository: string;
  /** By their paths from there. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Names of what is in each folder, by its path; the top is `.`. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The revision of the repository in which this folder lies. */
export function openRevision(name: string, folder: string): Revision {
  const repository = findRepository(realPathOf(folder));
  if (repository === undefined)
    throw new Misuse('--git needs a repository: neither this folder nor one above it has a .git');
  const commit = findCommit(name, repository);
  const entries = listEntries(commit, repository, name);
  const objects = openObjects(repository);
  objects.readAll([...entries.values()].filter(({ kind }) => kind === 'link'));
  const folders = gatherFolders(entries.keys());
  return { name: isMark(name) ? commit : name, repository, entries, folders, ...objects };
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
    const target = decodeName(Buffer.from(revision.bytesOf(entry)).toString('latin1'));
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

const KINDS: Readonly<Record<string, Entry['kind']>> = { '120000': 'link', '160000': 'submodule' };

function listEntries(commit: string, repository: string, name: string): ReadonlyMap<string, Entry> {
  const { isFine, bytes, complaint } = askGit(repository, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  if (!isFine)
    throw new Misuse(
      `the files of ${quote(name)} cannot be listed: ${printable(complaint)}; if this is a partial clone, ${REFETCH}`,
    );
  const lines = bytes.toString('latin1').split('\0').slice(0, -1);
  return new Map(lines.map(readEntry));
}

/** `100644 blob 8baef1b4…`, a tab, and the path, which may hold any character. */
function readEntry(line: string): [path: string, entry: Entry] {
  const tab = line.indexOf('\t');
  const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
  return [decodeName(line.slice(tab + 1)), { kind: KINDS[mode] ?? 'file', object }];
}

/** The name of these bytes; where they are no UTF-8, each that is no letter is named, so that no two files have one name. */
function decodeName(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return latin1.replace(/[\x80-\xff]/g, (byte) => `<0x${byte.charCodeAt(0).toString(16).toUpperCase()}>`);
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
