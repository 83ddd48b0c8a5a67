import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The file itself, with every link followed. */
export function realPathOf(path: string): string {
  return realpathSync.native(path);
}

/** The nearest folder, from this one upwards, with a `.git` in it; this one itself where there is none. */
export function repositoryOf(folder: string): string {
  return findRepository(folder) ?? folder;
}

/** The nearest folder, from this one upwards, with a `.git` in it. */
export function findRepository(folder: string): string | undefined {
  return ancestorsOf(folder).find((candidate) => existsSync(join(candidate, '.git')));
}

/** Where a path really leads: a pull request may contain a link to any file or folder. */
export interface Whereabouts {
  readonly realPath: string;
  /** Whether that is outside the repository that the path itself lies in. */
  readonly isOutside: boolean;
  /** Whether a link on the way there, or the last one, took part. */
  readonly isLinked: boolean;
}

/** By the outermost repository of the path as it was given, since what a link leads to may be a repository of its own. */
export function findWhereabouts(path: string): Whereabouts {
  const given = resolve(path);
  const realPath = realPathOf(given);
  const repositories = ancestorsOf(dirname(given)).filter((folder) => existsSync(join(folder, '.git')));
  const outermost = repositories.at(-1);
  const start = outermost ?? dirname(given);
  const isOutside = outermost !== undefined && !isInside(realPathOf(outermost), realPath);
  return { realPath, isOutside, isLinked: join(realPathOf(start), relative(start, given)) !== realPath };
}

/** A folder and those above it, the nearest first. */
function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Finds the path of a file by the name that the user knows it by, from the root of the repository that the command runs
 * in, or else of the file's own. Undefined for standard input and for what travels inside the program.
 */
export function findPathsInRepository(): (name: string) => string | undefined {
  const current = process.cwd();
  const here = findRepository(current);
  return (name) => {
    if (/^<(stdin>$|nettune>\/)/.test(name)) return undefined;
    const path = resolve(name);
    const folder = dirname(path);
    const roots = [here, findRepository(folder), current, folder].flatMap((root) => root ?? []);
    const root = roots.find((candidate) => isInside(candidate, path)) ?? folder;
    return relative(root, path).split(sep).join('/');
  };
}
