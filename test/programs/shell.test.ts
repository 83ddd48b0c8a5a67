import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { CHECKOUT } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({
  shellcheck: 'shellcheck',
  dash: 'dash',
  bash: 'bash',
  mawk: 'mawk',
  gawk: 'gawk',
  'original-awk': 'original-awk',
  busybox: 'busybox-static',
});

const FOLDER = join(CHECKOUT, 'templates/shell');
const SCRIPTS = ['apply.sh', 'verify.sh', 'remove.sh'];
const PARTS = readdirSync(join(FOLDER, 'parts')).filter((file) => file.endsWith('.sh'));

function run([program = '', ...args]: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** A script with its parts in place of the loop that reads them, so that shellcheck sees who sets and who uses what. */
function assemble(script: string): string {
  const text = readFileSync(join(FOLDER, script), 'utf8');
  return text.replace(/^for part in ((?:.|\n)*?); do\n(?:.|\n)*?^done$/m, (_, names: string) =>
    names
      .replaceAll('\\', ' ')
      .trim()
      .split(/\s+/)
      .map((name) => readFileSync(join(FOLDER, 'parts', `${name}.sh`), 'utf8'))
      .join('\n'),
  );
}

describe.each(SCRIPTS)('%s', (script) => {
  it.each(['sh', 'dash', 'bash'])('has no fault that shellcheck sees for %s', (shell) => {
    // A function or variable without use is one that another script needs.
    const check = (text: string) => run(['shellcheck', '--shell', shell, '--exclude', 'SC2317,SC2034', '-'], text);
    const text = assemble(script);
    expect(text).not.toContain('parts/$part');
    expect(check(text)).toEqual({ status: 0, output: '' });
    expect(check(text.replace('[ -n "$root" ]', '[ -n $root ]').replace('-z "$root"', '-z $root')).status).toBe(1);
  });

  it('reads every part that it needs, and no other', () => {
    const text = assemble(script);
    const defined = [...text.matchAll(/^(\w+)\(\) \{$/gm)].map(([, name]) => name);
    expect(defined).toEqual([...new Set(defined)]);
    const everywhere = PARTS.flatMap((part) =>
      [...readFileSync(join(FOLDER, 'parts', part), 'utf8').matchAll(/^(\w+)\(\) \{$/gm)].map(([, name = '']) => name),
    );
    const called = everywhere.filter((name) =>
      new RegExp(`(^|[^\\w/.])${name}(?!\\w|\\(\\))`, 'm').test(text.replace(/^\s*#.*$/gm, '')),
    );
    expect(called.filter((name) => !defined.includes(name))).toEqual([]);
  });
});

describe.each([['dash'], ['bash', '--posix'], ['busybox', 'sh']])('%s %s', (...shell) => {
  test.each([...SCRIPTS, ...PARTS.map((part) => `parts/${part}`)])('reads %s', (file) => {
    expect(run([...shell.filter(Boolean), '-n', join(FOLDER, file)])).toEqual({ status: 0, output: '' });
  });
});

test.each([['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']])(
  '%s %s reads files for sysctl in the same way',
  (program, ...args) => {
    const text = [
      '# net.a.b = 0',
      '; net.a.b = 1',
      'net.a.b = 2',
      ' -net/a/b=3 4\t5 ',
      'net.a.bb = 6',
      'net.a.* = 7',
      'net.(.b = 8',
      'net.a.b',
      'net.*.b=9\r',
      '- net.a.b == 10',
    ].join('\n');
    const { stdout } = spawnSync(program, [...args.filter(Boolean), '-f', join(FOLDER, 'parts/boot-order.awk'), '-'], {
      input: text,
      env: { ...process.env, name: 'net.a.b' },
      encoding: 'utf8',
    });
    const values = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[1]);
    expect(values).toEqual(['7', '9', '2', '3 4 5', '= 10']);
  },
);

describe('the plan of any profile', () => {
  const KINDS =
    /^(distribution|major-version|kernel|architecture|memory-mib|least-memory-mib|file|link|line|module|value|rules|unit|loads|service|restarts|queue) [A-Za-z0-9_.:,+/ -]+$/;
  it('holds nothing but words, however hostile the texts in it are, and names every file', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        const artifacts = compileProfile(profile).compiled.flatMap((compiled) => compiled.artifacts());
        const plan = artifacts.find(({ path }) => path.endsWith('/shell/plan'))?.content ?? '';
        const lines = plan.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        expect(lines.filter((line) => !KINDS.test(line))).toEqual([]);
        const files = lines.flatMap((line) => /^file 0(?:644|755) (\S+)$/.exec(line)?.[1] ?? []);
        const below = artifacts.map(({ path }) => path.replace(/^[^/]+\//, ''));
        expect(files).toEqual(below.filter((path) => path.startsWith('etc/')));
      }),
      { numRuns: 200 },
    );
  });
});
