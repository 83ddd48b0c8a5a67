import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import { printable, quote } from '../text/printable.ts';
import { askGit } from './git.ts';
import { Misuse, Unreadable } from './misuse.ts';
import { realPathOf, repositoryOf } from './repository.ts';

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
}

export interface Entry {
  readonly kind: 'file' | 'link' | 'submodule';
  readonly object: string;
}

/** The revision of the repository in which this folder lies. */
export function openRevision(name: string, folder: string): Revision {
  const repository = repositoryOf(realPathOf(folder));
  if (!existsSync(join(repository, '.git')))
    throw new Misuse('--git needs a repository: neither this folder nor one above it has a .git');
  const commit = findCommit(name, repository);
  const entries = listEntries(commit, repository, name);
  return { name, repository, entries, folders: gatherFolders(entries.keys()) };
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
    const target = Buffer.from(readObject(revision, entry)).toString('utf8');
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

/** The bytes of a file, of which at most as many are kept as tell that it is too large. */
export function readObject({ repository }: Revision, { object }: Entry): Uint8Array {
  const { isFine, bytes } = askGit(repository, ['cat-file', 'blob', object], MAX_SOURCE_BYTES + 1);
  if (!isFine) throw new Unreadable(`is not in this clone; if it is a partial one, ${REFETCH}`);
  return bytes;
}

const REFETCH = '`git fetch --refetch --no-filter` brings it';

function findCommit(name: string, repository: string): string {
  if (name === '' || name.startsWith('-')) throw new Misuse(`--git takes a revision, and ${quote(name)} is none`);
  const { isFine, bytes, complaint } = askGit(repository, [
    'rev-parse',
    '--verify',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  const answer = bytes.toString('utf8').trim();
  if (isFine && /^[0-9a-f]+$/.test(answer)) return answer;
  throw new Misuse(describeMissing(name, repository, complaint));
}

/** Why there is no such revision, and what to do about it. */
function describeMissing(name: string, repository: string, complaint: string): string {
  if (complaint.includes('dubious ownership'))
    return `git does not trust this repository, which is somebody else's: \`git config --global --add safe.directory ${repository}\` has it trust it`;
  if (/^fatal: (not a git|invalid|bad config|cannot)/i.test(complaint))
    return `git cannot read this repository: ${printable(complaint)}`;
  const isShallow =
    askGit(repository, ['rev-parse', '--is-shallow-repository']).bytes.toString('utf8').trim() === 'true';
  const remote = `origin/${name}`;
  const isRemote = askGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', remote]).isFine;
  if (isRemote) return `there is no revision ${quote(name)} in this repository; did you mean ${quote(remote)}?`;
  const remedy = '`git fetch origin` brings those of origin, and a branch is then named origin/…';
  return `there is no revision ${quote(name)} in this repository${isShallow ? ', which is a shallow clone: `git fetch --unshallow` brings the rest of it, and in CI a checkout with fetch-depth: 0' : `: ${remedy}`}`;
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
