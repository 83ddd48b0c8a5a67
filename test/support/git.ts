import { execFileSync } from 'node:child_process';

/** What the machine has configured does not count, and somebody commits. */
export const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'test'],
      [`GIT_${who}_EMAIL`, 'test@example.org'],
    ]),
  ),
};

/** What git answers in a folder. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: { ...process.env, ...GIT_ENVIRONMENT }, encoding: 'utf8' });
}

/** Makes a folder a repository, with one commit of all that is in it on the branch `main`. */
export function initRepository(folder: string): void {
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  commitAll(folder);
}

/** On the branch that is checked out. */
export function commitAll(folder: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'profiles');
}
