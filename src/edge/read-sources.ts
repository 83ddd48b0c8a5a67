import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_PROFILES } from '#generated/texts.ts';
import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import { printable, quote } from '../text/printable.ts';
import { closestName } from '../text/suggest.ts';
import { shippedProfile } from '../values/shipped-profile.ts';
import { nameOfFile, type Source } from '../values/source.ts';
import { isFolder } from './is-folder.ts';
import { Misuse, orMisuse, Unreadable } from './misuse.ts';
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
  const given = orDefault(paths);
  const listings = await Promise.all([...new Set(given)].map(listFiles));
  const lacking = listings.find(({ lack }) => lack);
  if (lacking?.lack) throw new Misuse(lacking.lack);
  return { sources: readFiles(listings.flatMap(({ files }) => files)), complete: given.some(isFolder) };
}

/** The same, where nothing need be there; `lacks` says of each PATH without a profile what is wrong with it. */
export async function readSourcesIfAny(
  paths: readonly string[],
): Promise<{ readonly sources: readonly Source[]; readonly lacks: ReadonlyMap<string, string> }> {
  const listings = await Promise.all(paths.map(async (path) => ({ path, ...(await listFiles(path)) })));
  const lacks = new Map(listings.flatMap(({ path, lack }) => (lack === undefined ? [] : [[path, lack] as const])));
  return { sources: readFiles(listings.flatMap(({ files }) => files)), lacks };
}

export function orDefault(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : DEFAULT_PATHS;
}

function readFiles(files: readonly string[]): Source[] {
  const byIdentity = new Map([...new Set(files)].map(readSource).map((source) => [source.identity, source]));
  return [...byIdentity.values()];
}

interface Listing {
  readonly files: readonly string[];
  /** Why there is none. */
  readonly lack?: string;
}

async function listFiles(path: string): Promise<Listing> {
  if (path === '-') return { files: [path] };
  if (shippedProfile(path)) return { files: [path] };
  if (isFolder(path)) return listFolder(path);
  if (exists(path)) return { files: [path] };
  const found = isGlob(path) ? await expandGlob(path) : [];
  if (found.length > 0) return { files: found.filter(isProfileName) };
  if (DEFAULT_PATHS.includes(path)) return { files: [], lack: `${path}: no such folder (\`nettune init\` makes one)` };
  const likely = closestName(path, Object.keys(SHIPPED_PROFILES));
  const remedy = likely ? ` (did you mean ${quote(likely)}, which is shipped?)` : ', and no glob that matches any';
  return { files: [], lack: `${printable(path)}: no such file or folder${remedy}` };
}

export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** What a glob stands for, on disk as at a revision: files, and nothing beyond a link. */
export const GLOB_OPTIONS = { onlyFiles: true, expandDirectories: false, followSymbolicLinks: false };

async function expandGlob(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return (await glob(pattern, GLOB_OPTIONS)).sort();
}

function listFolder(folder: string): Listing {
  const files = orMisuse(folder, 'read', () => readdirSync(folder)).filter(isProfileInFolder);
  if (files.length === 0)
    return { files, lack: `${printable(folder)}: there is no profile (*.yaml, *.yml) in this folder` };
  return { files: files.sort().map((name) => join(folder, name)) };
}

export function isProfileInFolder(name: string): boolean {
  return /\.ya?ml$/.test(name) && isProfileName(name);
}

/** A name that begins with `_` is a base's: others extend it, and nothing is rendered from it. */
export function isProfileName(path: string): boolean {
  return !/(^|\/)_[^/]*$/.test(path);
}

function readSource(path: string): Source {
  if (path === '-') return orMisuse('<stdin>', 'read', readStandardInput);
  const shipped = shippedProfile(path);
  if (shipped) return shipped;
  return orMisuse(path, 'read', () => {
    if (path.includes('\uFFFD') && !exists(path)) throw new Unreadable('its name is not UTF-8: rename it');
    const { realPath, isOutside, isLinked } = findWhereabouts(path);
    if (isOutside) throw new Misuse(`${printable(path)}: leads out of its repository by a link`);
    const bytes = readRegularFile(realPath, MAX_SOURCE_BYTES);
    return { name: nameOfFile(path), identity: realPath, isNamed: !isLinked, bytes };
  });
}

/** Its bases lie where the command runs, beside files none of which can have that name. */
function readStandardInput(): Source {
  const identity = join(process.cwd(), '<stdin>\0');
  return { name: '<stdin>', identity, isNamed: true, bytes: readUpTo(0, MAX_SOURCE_BYTES + 1) };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
