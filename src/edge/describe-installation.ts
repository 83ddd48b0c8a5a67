import { existsSync, readFileSync } from 'node:fs';
import { homedir, machine, release } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '#generated/texts.ts';
import { printable } from '../text/printable.ts';
import { realPathOf } from './repository.ts';

/** What the report of a bug should say of the machine: nothing of who uses it, nor of what lies there. */
export function describeInstallation(): string {
  const program = realPathOf(process.argv[1] ?? '.');
  const facts: readonly (readonly [string, string])[] = [
    ['nettune', VERSION],
    ['program', withoutHome(program)],
    ['with', listLibraries(join(program, '../THIRD-PARTY-NOTICES'))],
    ['node', `${process.version}, ${withoutHome(process.execPath)}`],
    ['system', `${process.platform} ${release()}, ${machine()} (node is for ${process.arch})`],
    ['distribution', nameOfDistribution()],
    ['locale', listVariables(['LC_ALL', 'LC_CTYPE', 'LANG'])],
    ['terminal', `${describeTerminals()}, ${listVariables(['TERM', 'NO_COLOR', 'CI'])}`],
  ];
  return facts.map(([label, text]) => `${label.padEnd(13)} ${printable(text)}\n`).join('');
}

/** The libraries inside the program, as the file with their licences names them. */
function listLibraries(notices: string): string {
  const titles = existsSync(notices) ? readFileSync(notices, 'utf8').matchAll(/^(\S+ \d+\.\d+\.\d+\S*) \(.+\)$/gm) : [];
  return [...titles].map(([, title]) => title).join(', ') || 'THIRD-PARTY-NOTICES is not beside the program';
}

function nameOfDistribution(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'without a name';
  } catch {
    return 'no /etc/os-release';
  }
}

function describeTerminals(): string {
  const seen = Object.entries({ stdin: process.stdin, stdout: process.stdout, stderr: process.stderr });
  const columns = process.stdout.columns ? `, ${process.stdout.columns} columns` : '';
  return `${seen.map(([name, { isTTY }]) => `${name} ${isTTY ? 'yes' : 'no'}`).join(', ')}${columns}`;
}

function listVariables(names: readonly string[]): string {
  return names.map((name) => `${name}=${process.env[name] ?? '(unset)'}`).join(' ');
}

/** A path without the name of whoever's home it lies in. */
function withoutHome(path: string): string {
  const home = homedir();
  return home.length > 1 && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
