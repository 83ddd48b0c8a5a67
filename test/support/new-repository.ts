import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { nettune } from './cli.ts';
import { temporaryFolder } from './temporary.ts';

/** What `nettune init` makes of these arguments and the defaults, committed on the branch main. */
export function newRepository(...args: string[]): {
  folder: string;
  git: (...args: string[]) => string;
  commit: () => void;
} {
  const above = temporaryFolder();
  const folder = join(above, 'tuning');
  const [role = '', ...options] = args;
  const made = nettune(['init', role, folder, ...options, '--yes']);
  if (made.code !== 0) throw new Error(made.stderr);
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgSign=false'];
  const git = (...call: string[]) =>
    execFileSync('git', [...author, ...call], { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: above } });
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'profiles');
  };
  git('init', '--quiet', '--initial-branch', 'main');
  commit();
  return { folder, git, commit };
}
