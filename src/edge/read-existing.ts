import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Scope } from '../compare-artifacts.ts';
import { OUTPUTS } from '../outputs/outputs.ts';
import { hostProgram } from '../render-artifacts.ts';
import type { ExistingFile } from '../values/change.ts';
import { MACHINES } from '../values/machine-folder.ts';
import { orMisuse } from './misuse.ts';
import { readRegularFile } from './read-file.ts';

/** Larger than any artifact: a file of this size is somebody else's. */
const MAX_ARTIFACT_BYTES = 2 ** 20;

/** Deeper than any artifact lies. */
const MAX_DEPTH = 8;

/**
 * What lies in the output folder where artifacts may lie: the host program, and the territories of all outputs, below each
 * profile's folder.
 * With `complete`, below every folder, since one of them may be a vanished profile's; and all below the folder of the
 * collection. Links are not followed.
 */
export function readExisting(
  folder: string,
  { profiles, complete, collection }: Pick<Scope, 'profiles' | 'complete' | 'collection'>,
): ExistingFile[] {
  return orMisuse(folder, 'read', () => {
    const roots = complete ? [...new Set([...profiles, ...listFolders(folder)])] : profiles;
    const places = roots.flatMap((root) => PLACES.map((place) => `${root}/${place}`));
    const files = [hostProgram.path, ...roots.flatMap((root) => FILES.map((file) => `${root}/${file}`))];
    const found = [
      ...files.filter((path) => isThere(folder, path)),
      ...[...places, ...(collection === undefined ? [] : [collection])].flatMap((place) =>
        walk(folder, place, MAX_DEPTH),
      ),
    ];
    return [...new Set(found)].map((path) => readExistingFile(folder, path)); // places may lie in one another
  });
}

const TERRITORIES = OUTPUTS.flatMap(({ territory }) => territory);

/** The folders in which territories lie, and that of the machines, which have territories of their own. */
const PLACES = [
  ...new Set(
    TERRITORIES.filter((beginning) => beginning.includes('/')).map((beginning) =>
      beginning.slice(0, beginning.lastIndexOf('/')),
    ),
  ),
  MACHINES,
];

/** Those of one file, which lies in the profile's folder itself. */
const FILES = TERRITORIES.filter((beginning) => !beginning.includes('/'));

function listFolders(folder: string): string[] {
  return listEntries(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Paths of everything below `path` that is no folder; nothing when a link leads there. */
function walk(folder: string, path: string, depth: number): string[] {
  if (depth === 0 || !isReached(folder, path)) return [];
  return listEntries(join(folder, path)).flatMap((entry) =>
    entry.isDirectory() ? walk(folder, `${path}/${entry.name}`, depth - 1) : [`${path}/${entry.name}`],
  );
}

/** Something that is no folder, in one that no link leads to. */
function isThere(folder: string, path: string): boolean {
  const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory() && (!path.includes('/') || isReached(folder, dirname(path)));
}

/** Whether every step from the output folder is a folder itself, and no link to one. */
function isReached(folder: string, path: string): boolean {
  const steps = path.split('/');
  return steps.every((_, index) => {
    const step = join(folder, ...steps.slice(0, index + 1));
    return lstatSync(step, { throwIfNoEntry: false })?.isDirectory() ?? false;
  });
}

function listEntries(folder: string) {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

function readExistingFile(folder: string, path: string): ExistingFile {
  const full = join(folder, path);
  const found = lstatSync(full);
  const isOurs = found.isFile() && found.size <= MAX_ARTIFACT_BYTES;
  const content = isOurs ? Buffer.from(readRegularFile(full, MAX_ARTIFACT_BYTES)).toString('utf8') : undefined;
  return { path, mode: found.mode & 0o777, content };
}
