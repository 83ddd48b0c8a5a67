import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUTS } from '../outputs/outputs.ts';
import type { ExistingFile } from '../values/change.ts';
import { readRegularFile } from './read-file.ts';

/** Larger than any artifact: a file of this size is somebody else's. */
const MAX_ARTIFACT_BYTES = 2 ** 20;

/** Deeper than any artifact lies. */
const MAX_DEPTH = 8;

/**
 * What lies in the output folder where artifacts may lie: the territories of all outputs, below each profile's folder.
 * With `complete`, below every folder, since one of them may be a vanished profile's. Links are not followed.
 */
export function readExisting(folder: string, profiles: readonly string[], complete: boolean): ExistingFile[] {
  const roots = complete ? [...new Set([...profiles, ...listFolders(folder)])] : profiles;
  const places = new Set(
    OUTPUTS.flatMap(({ territory }) => territory.map((beginning) => beginning.slice(0, beginning.lastIndexOf('/')))),
  );
  return roots.flatMap((root) => [...places].flatMap((place) => walk(folder, `${root}/${place}`, MAX_DEPTH)));
}

function listFolders(folder: string): string[] {
  return listEntries(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function walk(folder: string, path: string, depth: number): ExistingFile[] {
  if (depth === 0) return [];
  return listEntries(join(folder, path)).flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    return entry.isDirectory() ? walk(folder, below, depth - 1) : [readExistingFile(folder, below)];
  });
}

function listEntries(folder: string) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
}

function readExistingFile(folder: string, path: string): ExistingFile {
  const full = join(folder, path);
  const { mode, size } = lstatSync(full);
  const isFile = lstatSync(full).isFile() && size <= MAX_ARTIFACT_BYTES;
  return {
    path,
    mode: mode & 0o777,
    content: isFile ? Buffer.from(readRegularFile(full, MAX_ARTIFACT_BYTES)).toString('utf8') : undefined,
  };
}
