import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A kernel's source in a folder, and which one it is. */
export interface OpenTree {
  readonly folder: string;
  /** As `uname -r` prints it, as far as the source tells: `6.1.192`, `5.14.0-570.32.1.el9`. */
  readonly release: string;
  close(): void;
}

/** What the tables of keys are read from; the rest of a kernel stays where it is. */
const PARTS = ['Makefile', 'Makefile.rhelver', 'fs', 'ipc', 'kernel', 'mm', 'net'];

/**
 * `FOLDER`, `GIT-DIRECTORY@REVISION`, or either after `RELEASE=` where its Makefile does not say which kernel it is. What
 * is read of a revision lies in a temporary folder until it is closed. Throws where there is no kernel.
 */
export function openTree(argument: string): OpenTree {
  const {
    named,
    place = '',
    revision,
  } = /^(?:(?<named>\d[\w.+~-]*)=)?(?<place>[^@]+)(?:@(?<revision>.+))?$/.exec(argument)?.groups ?? {};
  if (revision === undefined) return { folder: place, release: named ?? releaseOf(place), close: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'nettune-source-'));
  const close = () => rmSync(folder, { recursive: true });
  try {
    extract(place, revision, folder);
    return { folder, release: named ?? releaseOf(folder), close };
  } catch (error) {
    close();
    throw error;
  }
}

function extract(repository: string, revision: string, folder: string): void {
  const git = (...rest: string[]) =>
    execFileSync('git', ['-C', repository, ...rest], { maxBuffer: 2 ** 30, stdio: 'pipe' });
  const there = git('ls-tree', '--name-only', revision, ...PARTS)
    .toString()
    .split('\n')
    .filter(Boolean);
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', revision, ...there) });
}

/** As the source's own Makefile counts it, with Red Hat's build where there is one. Throws where there is none. */
function releaseOf(folder: string): string {
  const text = readText(join(folder, 'Makefile'));
  const number = (name: string) =>
    new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(`${readText(join(folder, 'Makefile.rhelver'))}\n${text}`)?.[1];
  const version = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(number).filter((each) => each !== undefined);
  if (version.length < 2)
    throw new Error(`${folder}: no kernel, or write RELEASE=${folder}, the release as \`uname -r\` prints it`);
  const [redhat, build] = [number('RHEL_MAJOR'), number('RHEL_RELEASE')];
  return `${version.join('.')}${redhat && build ? `-${build}.el${redhat}` : ''}`;
}

function readText(file: string): string {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'latin1') : '';
}
