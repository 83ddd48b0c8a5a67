import { askGit } from './git.ts';
import { Misuse } from './misuse.ts';
import { findRepository, realPathOf } from './repository.ts';

/** More than anybody looks through. */
const MOST_REVISIONS = 1000;

/** Branches and tags of the repository in which this folder lies; none where git cannot say. */
export function listRevisions(folder: string): string[] {
  const repository = findRepository(realPathOf(folder));
  if (repository === undefined) return [];
  try {
    const { bytes } = askGit(repository, [
      'for-each-ref',
      `--count=${MOST_REVISIONS}`,
      '--format=%(refname:short)',
      'refs/heads',
      'refs/tags',
      'refs/remotes',
    ]);
    return bytes.toString('utf8').split('\n').filter(isHarmless);
  } catch (error) {
    if (error instanceof Misuse) return [];
    throw error;
  }
}

/** A shell puts the name onto a line that somebody is about to run, and a branch may be called `$(reboot)`. */
function isHarmless(name: string): boolean {
  return /^\w[\w./+@-]*$/.test(name);
}
