import { lstatSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '../text/printable.ts';
import type { Artifact } from '../values/artifact.ts';
import type { Change } from '../values/change.ts';
import { betweenSteps, type Pause } from './interruption.ts';
import { Misuse, orMisuse } from './misuse.ts';
import { listMissingFolders, makeFolder, removeEmpty, writeWhole } from './write-file.ts';

/**
 * Makes the folder hold what the changes say. Looks for obstacles first; each file is replaced whole or not at all, also
 * when a signal ends it. `onProgress` hears how far it is.
 */
export async function writeChanges(
  folder: string,
  changes: readonly Change[],
  prune: boolean,
  onProgress: (text: string) => void,
): Promise<void> {
  const written = changes.filter((change) => change.kind === 'create' || change.kind === 'update');
  for (const { path } of written) refuseObstacles(folder, path);
  const artifacts = written.map(({ artifact }) => artifact);
  await betweenSteps((pause) => replaceFiles(folder, artifacts, pause, onProgress));
  if (prune)
    for (const { kind, path } of changes)
      if (kind === 'stale') orMisuse(join(folder, path), 'removed', () => removeFile(folder, path));
}

/** A link below the output folder could lead anywhere; a file in a folder's place, or the reverse, is somebody else's. */
function refuseObstacles(folder: string, path: string): void {
  const steps = path.split('/');
  for (let count = 1; count <= steps.length; count++) {
    const below = steps.slice(0, count).join('/');
    const found = orMisuse(join(folder, below), 'written', () =>
      lstatSync(join(folder, below), { throwIfNoEntry: false }),
    );
    if (!found) return;
    const expected = count < steps.length ? found.isDirectory() : found.isFile();
    if (!expected)
      throw new Misuse(
        `${shown(folder, below)}: ${found.isSymbolicLink() ? 'is a link' : 'something else is in its place'}; nothing was written`,
      );
  }
}

/** All new files are written beside the old ones before the first takes its place: a full disk changes nothing. */
async function replaceFiles(
  folder: string,
  artifacts: readonly Artifact[],
  pause: Pause,
  onProgress: (text: string) => void,
): Promise<void> {
  const temporaries = new Map<string, string>();
  const missing = listMissingFolders(artifacts.map(({ path }) => join(folder, dirname(path))));
  let replaced = 0;
  try {
    for (const { path, content, mode } of artifacts) {
      await pause(() => 'nothing was written');
      onProgress(`writing ${temporaries.size} of ${artifacts.length} files`);
      const target = join(folder, path);
      orMisuse(target, 'written', () => {
        makeFolder(dirname(target));
        const temporary = `${target}.${process.pid}.tmp`;
        writeWhole(temporary, content, mode, () => temporaries.set(temporary, target));
      });
    }
    for (const [temporary, target] of temporaries) {
      await pause(
        () => `${replaced} of ${artifacts.length} files were written, each of them whole; run it again to complete it`,
      );
      orMisuse(target, 'written', () => renameSync(temporary, target));
      replaced += 1;
    }
  } finally {
    for (const temporary of temporaries.keys()) rmSync(temporary, { force: true });
    if (replaced < artifacts.length) removeEmpty(missing);
  }
}

/** The file, and the folders that are empty without it. */
function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path));
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    try {
      rmdirSync(join(folder, parent));
    } catch {
      return; // not empty
    }
  }
}

const shown = (folder: string, path: string): string => printable(join(folder, path));
