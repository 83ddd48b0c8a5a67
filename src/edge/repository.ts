import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** The file itself, with every link followed. */
export function realPathOf(path: string): string {
  return realpathSync.native(path);
}

/** The nearest folder, from this one upwards, with a `.git` in it; this one itself where there is none. */
export function repositoryOf(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, '.git'))) return candidate;
    if (candidate === dirname(candidate)) return folder;
  }
}

/** Whether a path, given as `path`, is really a file elsewhere: a pull request may contain any link. */
export function leadsOutOfRepository(path: string, realPath: string): boolean {
  return !isInside(repositoryOf(realPathOf(dirname(resolve(path)))), realPath);
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
