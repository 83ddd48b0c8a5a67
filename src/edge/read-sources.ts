import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import { printable } from '../text/printable.ts';
import { shippedProfile } from '../values/shipped-profile.ts';
import type { Source } from '../values/source.ts';
import { Misuse, orMisuse } from './misuse.ts';
import { readRegularFile, readUpTo } from './read-file.ts';
import { findWhereabouts } from './repository.ts';

/** The profiles that the user named. */
export interface Sources {
  readonly sources: readonly Source[];
  /** Whether a folder was given: then there are no other profiles than these. */
  readonly complete: boolean;
}

/** Where profiles lie when nobody says so. */
const DEFAULT_PATHS = ['profiles'];

/** Reads each PATH: a file, a folder's profiles, a glob, the name of a shipped profile (as in `extends`; ./NAME is a file), or `-` for standard input. */
export async function readSources(paths: readonly string[]): Promise<Sources> {
  const given = paths.length > 0 ? paths : DEFAULT_PATHS;
  const files = (await Promise.all([...new Set(given)].map(listFiles))).flat();
  const byIdentity = new Map([...new Set(files)].map(readSource).map((source) => [source.identity, source]));
  return { sources: [...byIdentity.values()], complete: given.some(isFolder) };
}

async function listFiles(path: string): Promise<string[]> {
  if (path === '-') return [path];
  if (shippedProfile(path)) return [path];
  if (isFolder(path)) return listFolder(path);
  if (exists(path)) return [path];
  const found = /[*?[{]/.test(path) ? await expandGlob(path) : [];
  if (found.length === 0) throw new Misuse(`${printable(path)}: no such file or folder, and no glob that matches any`);
  return found.filter(isProfileName);
}

async function expandGlob(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return (await glob(pattern, { onlyFiles: true, expandDirectories: false, followSymbolicLinks: false })).sort();
}

function listFolder(folder: string): string[] {
  const files = orMisuse(folder, 'read', () => readdirSync(folder)).filter(
    (name) => /\.ya?ml$/.test(name) && isProfileName(name),
  );
  if (files.length === 0) throw new Misuse(`${printable(folder)}: there is no profile (*.yaml, *.yml) in this folder`);
  return files.sort().map((name) => join(folder, name));
}

/** A name that begins with `_` is a base's: others extend it, and nothing is rendered from it. */
function isProfileName(path: string): boolean {
  return !/(^|\/)_[^/]*$/.test(path);
}

function readSource(path: string): Source {
  if (path === '-') return orMisuse('<stdin>', 'read', readStandardInput);
  const shipped = shippedProfile(path);
  if (shipped) return shipped;
  return orMisuse(path, 'read', () => {
    const { realPath, isOutside, isLinked } = findWhereabouts(path);
    if (isOutside) throw new Misuse(`${printable(path)}: leads out of its repository by a link`);
    return { name: path, identity: realPath, isNamed: !isLinked, bytes: readRegularFile(realPath, MAX_SOURCE_BYTES) };
  });
}

/** Its bases lie where the command runs. */
function readStandardInput(): Source {
  const identity = join(process.cwd(), '<stdin>');
  return { name: '<stdin>', identity, isNamed: true, bytes: readUpTo(0, MAX_SOURCE_BYTES + 1) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
