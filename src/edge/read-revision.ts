import { posix, relative, resolve } from 'node:path';
import { printable } from '../text/printable.ts';
import type { ResolveBase } from '../values/resolve-base.ts';
import { shippedProfile } from '../values/shipped-profile.ts';
import { nameOfFile, type Source } from '../values/source.ts';
import { Misuse, Unreadable } from './misuse.ts';
import { readAhead } from './read-ahead.ts';
import { GLOB_OPTIONS, isGlob, isProfileInFolder, isProfileName } from './read-sources.ts';
import { isInside, realPathOf } from './repository.ts';
import { describeUnread, isYaml, NOT_YAML, OUTSIDE } from './resolve-base.ts';
import { followLinks, isOutside, type Revision } from './revision.ts';

/** The profiles that PATHs name at a revision, as `readSources` would find them there; `found` are the PATHs with any. */
export async function readRevision(
  paths: readonly string[],
  revision: Revision,
): Promise<{ readonly sources: readonly Source[]; readonly found: ReadonlySet<string> }> {
  const listings = await Promise.all(paths.map(async (path) => ({ path, files: await listFiles(path, revision) })));
  const files = [...new Set(listings.flatMap((listing) => listing.files))];
  readAhead(files, revision);
  const byIdentity = new Map(
    files.map((file) => readSource(file, revision)).map((source) => [source.identity, source]),
  );
  const found = new Set(listings.flatMap((listing) => (listing.files.length > 0 ? [listing.path] : [])));
  return { sources: [...byIdentity.values()], found };
}

/** Paths from the top of the repository, or names of shipped profiles. */
async function listFiles(path: string, revision: Revision): Promise<readonly string[]> {
  if (shippedProfile(path)) return [path];
  const inside = pathInside(path, revision);
  const real = naming(path, () => followLinks(inside, revision));
  const names = real === undefined ? undefined : revision.folders.get(real);
  if (names)
    return [...names]
      .filter(isProfileInFolder)
      .sort()
      .map((name) => posix.join(inside, name));
  if (real !== undefined) return [inside];
  return isGlob(path) ? (await expandGlob(path, revision)).filter(isProfileName) : [];
}

/** From the top of the repository. */
function pathInside(path: string, { repository }: Revision): string {
  const given = resolve(path);
  const full = isInside(repository, given) ? given : realPathIfAny(given);
  if (!isInside(repository, full))
    throw new Misuse(`${printable(path)}: lies outside the repository ${printable(repository)}`);
  return posix.normalize(relative(repository, full));
}

function realPathIfAny(path: string): string {
  try {
    return realPathOf(path);
  } catch {
    return path;
  }
}

/** The same program that looks through the disk looks through the revision. */
async function expandGlob(pattern: string, revision: Revision): Promise<string[]> {
  const { globSync } = await import('tinyglobby');
  const readdirSync = (folder: string) => {
    const path = posix.normalize(relative(revision.repository, folder));
    return [...(revision.folders.get(path) ?? [])].map((name) => {
      const child = posix.join(path, name);
      const isFolder = revision.folders.has(child);
      const kind = revision.entries.get(child)?.kind;
      return {
        name,
        isDirectory: () => isFolder,
        isFile: () => kind === 'file',
        isSymbolicLink: () => kind === 'link',
      };
    });
  };
  // It asks for names with their kinds, and for nothing else of `fs`.
  const found = globSync(pattern, { ...GLOB_OPTIONS, absolute: true, fs: { readdirSync: readdirSync as never } });
  return found.sort().map((path) => posix.normalize(relative(revision.repository, path)));
}

function readSource(path: string, revision: Revision): Source {
  const shipped = shippedProfile(path);
  if (shipped) return shipped;
  return naming(nameAt(path, revision), () => readFile(path, revision));
}

function readFile(path: string, revision: Revision): Source {
  const real = followLinks(path, revision);
  const entry = real === undefined ? undefined : revision.entries.get(real);
  if (real === undefined) throw new Unreadable('no such file or folder');
  if (entry?.kind !== 'file') throw new Unreadable('is not a regular file');
  const name = nameAt(path, revision);
  return { name, identity: nameAt(real, revision), isNamed: path === real, bytes: revision.bytesOf(entry) };
}

/** As git calls it: `main:profiles/shop.yaml`. */
function nameAt(path: string, { name }: Revision): string {
  return `${name}:${nameOfFile(path)}`;
}

/** Reads bases at the revision of the file that names them. */
export function resolveBaseAt(revision: Revision): ResolveBase {
  return (reference, from) => {
    const pathOf = (name: string) => posix.join(posix.dirname(name.slice(revision.name.length + 1)), reference);
    const path = pathOf(from.identity);
    if (isOutside(path)) return OUTSIDE;
    if (!isYaml(reference)) return NOT_YAML;
    try {
      return { ...readFile(path, revision), name: nameAt(pathOf(from.name), revision), isNamed: false };
    } catch (error) {
      if (error instanceof Unreadable) return describeUnread(error.message);
      throw error;
    }
  };
}

/** What is wrong with a file is told with its name. */
function naming<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof Unreadable) throw new Misuse(`${printable(name)}: ${error.message}`);
    throw error;
  }
}
