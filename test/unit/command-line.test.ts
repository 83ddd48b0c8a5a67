import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { callNettune } from '../support/call-nettune.ts';
import { nettune, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const SHOP = 'name: shop\nextends: web-server\n';
const BROKEN = 'name: shop\nextends: web-server\nhost: { memory: 16GB }\n';

describe('exit codes', () => {
  it.each([
    { code: 0, when: 'all is well', args: ['validate', '-'], input: SHOP },
    { code: 0, when: 'help is asked for', args: ['--help'], input: '' },
    { code: 0, when: 'the version is asked for', args: ['--version'], input: '' },
    { code: 1, when: 'a problem is found', args: ['validate', '-'], input: BROKEN },
    { code: 2, when: 'a command does not exist', args: ['rendr'], input: '' },
    { code: 2, when: 'an option does not exist', args: ['render', '--colour'], input: '' },
    { code: 2, when: 'no command is given', args: [], input: '' },
    { code: 2, when: 'an option has no such value', args: ['validate', '--fail-on', 'info', '-'], input: SHOP },
  ])('$code when $when', ({ code, args, input }) => {
    expect(nettune(args, { input }).code).toBe(code);
  });
});

describe('each example in the help of a command works, in a repository of profiles', () => {
  // Those about a revision need git, and are called by test/programs/compare-git.test.ts.
  const calls = COMMANDS.flatMap(({ name, examples }) => examples.map(({ call }) => ({ name, call })));
  it.each(calls.filter(({ call }) => !call.includes('--git')))('$call', async (example) => {
    const cwd = temporaryFolder({ 'profiles/shop.yaml': SHOP, 'shop.yaml': SHOP });
    const args = example.call.split(' ').slice(1);
    expect((await callNettune([example.name, '--help'])).stdout).toContain(`  ${example.call}  `);
    expect(await callNettune(args, { cwd })).toMatchObject({ code: args.includes('--check') ? 1 : 0, stderr: '' });
  });
});

it('output that cannot be written is told in a line, exit code 2', () => {
  const script = '"$0" "$1" validate - > /dev/full';
  const { status, stderr } = spawnSync('bash', ['-c', script, process.execPath, PROGRAM], {
    input: SHOP,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: the output cannot be written: the disk is full\n' });
});

it('a folder that is gone is told in a line, exit code 2', () => {
  const script = 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$0" "$1" validate -';
  const { status, stderr } = spawnSync('bash', ['-c', script, process.execPath, PROGRAM], {
    input: SHOP,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^error: .+\n$/);
  expect(status).toBe(2);
});

it('an argument starts no command of a CI system when it comes back in a message', async () => {
  const { code, stderr } = await callNettune(['validate\n::error::x']);
  expect(stderr).not.toMatch(/^\s*::/m);
  expect(code).toBe(2);
});

it('exit code 3 is for a bug, which asks to be reported with its trace', () => {
  const cwd = temporaryFolder({ 'broken.cjs': 'String.prototype.padEnd = undefined;', 'shop.yaml': SHOP });
  const env = { NODE_OPTIONS: `--require ${cwd}/broken.cjs` };
  const { code, stderr } = nettune(['render', 'shop.yaml'], { cwd, env });
  expect(stderr).toMatch(/^This is a bug in nettune \d.*\n(.*\n)*TypeError: /);
  expect(code).toBe(3);
});

describe('where profiles come from', () => {
  const cwd = () =>
    temporaryFolder({
      'profiles/a.yaml': 'name: a\nextends: ./_base.yaml\n',
      'profiles/b.yml': 'name: b\nextends: web-server\n',
      'profiles/_base.yaml': 'extends: web-server\n',
      'profiles/notes.txt': '',
    });

  it.each([
    { what: 'the folder profiles, when nothing is named', args: [], count: 2 },
    { what: 'a folder', args: ['profiles'], count: 2 },
    { what: 'a file', args: ['profiles/a.yaml'], count: 1 },
    { what: 'a file named twice', args: ['profiles/a.yaml', './profiles/../profiles/a.yaml'], count: 1 },
    { what: 'a glob that no shell has expanded, without bases', args: ['**/*.y*ml'], count: 2 },
  ])('$what', async ({ args, count }) => {
    expect(await callNettune(['validate', ...args], { cwd: cwd() })).toMatchObject({
      code: 0,
      stdout: `${count} profile${count === 1 ? '' : 's'}: no problems\n`,
    });
  });

  it('standard input, whose bases lie where the command runs', () => {
    const { code, stdout } = nettune(['validate', '-'], {
      cwd: cwd(),
      input: 'name: c\nextends: ./profiles/_base.yaml\n',
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 profile: no problems\n' });
  });

  it('files whose paths look like marks of ours: each is a file, and its own', () => {
    const text = (name: string) => `name: ${name}\nextends: web-server\nserver: nginx\napache: { mpm: event }\n`;
    const folder = temporaryFolder({ '<nettune>/profiles/a.yaml': text('a'), '<stdin>': text('b') });
    const args = ['validate', '<nettune>/profiles/a.yaml', '<stdin>', '-', '--format', 'json'];
    const { problems } = JSON.parse(nettune(args, { cwd: folder, input: text('c') }).stdout);
    expect(
      problems.map(({ locations: [place] }: { locations: Record<string, string>[] }) => [
        place?.['file'],
        place?.['path'],
      ]),
    ).toEqual([
      ['./<nettune>/profiles/a.yaml', '<nettune>/profiles/a.yaml'],
      ['./<stdin>', '<stdin>'],
      ['<stdin>', undefined],
    ]);
  });
});

describe('a terminal and a pipe', () => {
  it('no colour goes into a pipe', () => {
    expect(nettune(['validate', '-'], { input: BROKEN, env: { NO_COLOR: '' } }).stdout).not.toContain('\u001b');
  });

  it('a reader that has had enough is no error', () => {
    const script = `yes '# a' | head -3000 | cat - /dev/null > /dev/null; "$0" "$1" render - --stdout | head -c 10; echo " $PIPESTATUS"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, PROGRAM], {
      input: SHOP,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/ 0\n$/);
  });
});
