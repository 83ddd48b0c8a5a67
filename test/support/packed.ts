import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './cli.ts';

/** Runs a program as somebody would who has just installed Node: without settings of npm, in a home of their own. */
export function runAfresh(home: string, program: string, args: readonly string[], cwd = home): string {
  const env = { PATH: process.env['PATH'], HOME: home, npm_config_update_notifier: 'false' };
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The tarball that npm would publish, put into the folder. It is built already, and other tests use the build. */
export function pack(folder: string): string {
  runAfresh(folder, 'npm', ['pack', '--ignore-scripts', '--pack-destination', folder, CHECKOUT]);
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
}

/** Installs the tarball into the folder, as a project's dependency, without network. The answer: where it lies now. */
export function installPacked(folder: string, tarball = pack(folder)): string {
  runAfresh(folder, 'npm', ['install', '--offline', tarball]);
  return join(folder, 'node_modules/nettune');
}
