import { lstatSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printableName } from '../text/printable.ts';
import type { Artifact } from '../values/artifact.ts';
import { betweenSteps } from './interruption.ts';
import { isFolder } from './is-folder.ts';
import { Misuse, orMisuse } from './misuse.ts';
import { listMissingFolders, makeFolder, removeEmpty, writeWhole } from './write-file.ts';

type NewFile = Pick<Artifact, 'path' | 'mode' | 'content'>;

/** Writes files where there are none: all of them, or none and no folder either, also when a signal ends it. */
export async function writeNewFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  refuseExisting(
    folder,
    files.map(({ path }) => path),
  );
  const created: string[] = [];
  const missing = listMissingFolders(files.map(({ path }) => join(folder, dirname(path))));
  await betweenSteps(async (pause) => {
    try {
      for (const file of files) {
        await pause(() => 'nothing was written');
        writeNewFile(join(folder, file.path), file, created);
      }
    } catch (error) {
      for (const path of created) rmSync(path, { force: true });
      removeEmpty(missing);
      throw error;
    }
  });
}

function writeNewFile(target: string, { content, mode }: NewFile, created: string[]): void {
  orMisuse(target, 'written', () => {
    makeFolder(dirname(target));
    writeWhole(target, content, mode, () => created.push(target));
  });
}

/** Stops with the name of each file, or of what else there is, that stands where one of ours belongs. */
export function refuseExisting(folder: string, paths: readonly string[]): void {
  if (folder === '') throw new Misuse('the name of the folder is empty; . is the one where this runs');
  const found = orMisuse(folder, 'written', () =>
    isFolderOrMissing(folder) ? gatherObstacles(folder, paths) : [`${folder}, which is no folder`],
  );
  if (found.length === 0) return;
  throw new Misuse(
    `in the way, so that nothing was written: ${found.map((path) => printableName(path)).join(', ')}; choose another folder, or move ${found.length === 1 ? 'it' : 'them'} away`,
  );
}

/** Whether a file is there, or a link that leads to one; what cannot be looked at is told when something is written there. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Several below a folder of one of ours, such as `out/shop`, are said as that folder and their number. */
function gatherObstacles(folder: string, paths: readonly string[]): string[] {
  const found = [...new Set(paths.flatMap((path) => findObstacle(folder, path) ?? []))];
  const above = (path: string) => path.split('/').slice(0, 2).join('/');
  const said = found.map((path) => {
    const count = found.filter((other) => above(other) === above(path)).length;
    return count === 1 ? path : `${above(path)} (${count} files)`;
  });
  return [...new Set(said)].map((path) => join(folder, path));
}

/** A link that leads to a folder is the user's own choice; one that leads nowhere is none. */
function isFolderOrMissing(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return !found || isFolder(folder);
}

/** The file, or the step towards it that is no folder: below `folder` no link is followed. */
function findObstacle(folder: string, path: string): string | undefined {
  const steps = path.split('/');
  for (let count = 1; count <= steps.length; count++) {
    const step = steps.slice(0, count).join('/');
    const found = lstatSync(join(folder, step), { throwIfNoEntry: false });
    if (!found) return undefined;
    if (count === steps.length || !found.isDirectory()) return step;
  }
  return undefined;
}
