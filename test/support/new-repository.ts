import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nettune } from './cli.ts';
import { commitAll, git, initRepository } from './git.ts';
import { temporaryFolder } from './temporary.ts';

interface NewRepository {
  readonly folder: string;
  readonly git: (...args: string[]) => string;
  readonly commit: () => void;
  /** Replaces a text that has to be there. */
  readonly edit: (path: string, from: string, to: string) => void;
}

/** What `nettune init` makes of these arguments and the defaults, committed on the branch main. */
export function newRepository(role: string, ...options: string[]): NewRepository {
  const folder = join(temporaryFolder(), 'tuning');
  const made = nettune(['init', role, folder, ...options, '--yes']);
  if (made.code !== 0) throw new Error(made.stderr);
  initRepository(folder);
  return {
    folder,
    git: (...args) => git(folder, ...args),
    commit: () => commitAll(folder),
    edit: (path, from, to) => edit(join(folder, path), from, to),
  };
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}
