import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProblemReport } from '../../src/report/problem-formats/problem-format.ts';
import { PROBLEM_FORMATS } from '../../src/report/problem-formats/problem-formats.ts';
import { plain } from '../../src/report/style.ts';
import { nettune } from '../support/cli.ts';
import { compileBytes } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Files that are made to crash, hang or fill a reader. Each ends within seconds, in a problem that says what it is. */
const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(10)}]`),
].join('\n');

const HOSTILE_FILES: readonly { what: string; content: string | Uint8Array; id: string }[] = [
  { what: 'more than 256 KiB', content: '#'.repeat(2 ** 18 + 1), id: 'file-too-large' },
  { what: 'a hundred megabytes of zeros', content: new Uint8Array(1e8), id: 'file-too-large' },
  { what: '250,000 brackets', content: '['.repeat(250_000), id: 'too-deep' },
  { what: '250,000 braces', content: '{'.repeat(250_000), id: 'too-deep' },
  { what: '50,000 open brackets, a line each', content: 'a: [\n'.repeat(50_000), id: 'yaml-syntax' },
  {
    what: '700 brackets, and 200,000 of another kind to close them',
    content: `${'['.repeat(700)}${'}'.repeat(200_000)}`,
    id: 'too-deep',
  },
  { what: '200,000 commas', content: `[${','.repeat(200_000)}`, id: 'yaml-syntax' },
  { what: '60,000 lines with nothing but a percent sign', content: '%\n'.repeat(60_000), id: 'yaml-syntax' },
  { what: '100,000 dashes on a line', content: '- '.repeat(100_000), id: 'too-deep' },
  { what: '100,000 question marks', content: '? '.repeat(100_000), id: 'too-deep' },
  {
    what: '40 levels of maps',
    content: Array.from({ length: 40 }, (_, level) => `${' '.repeat(level)}k:`).join('\n'),
    id: 'too-deep',
  },
  { what: 'an alias bomb', content: BOMB, id: 'too-many-values' },
  { what: '30,000 aliases', content: `a: &a 1\nb: [${'*a,'.repeat(30_000)}]`, id: 'too-many-values' },
  {
    what: 'maps where words belong',
    content: 'role: { a: 1 }\ngateway: { families: [{ a: 1 }, { a: 2 }] }',
    id: 'unknown-value',
  },
  { what: 'an alias that holds itself', content: 'name: &a [*a]', id: 'too-deep' },
  {
    what: '4,000 unknown keys',
    content: Array.from({ length: 4_000 }, (_, index) => `k${index}: 1`).join('\n'),
    id: 'unknown-key',
  },
  { what: '15,000 times the same key', content: 'k: 1\n'.repeat(15_000), id: 'duplicate-key' },
  { what: '20,000 anchors on a value', content: `name: ${'&a '.repeat(20_000)}x`, id: 'yaml-syntax' },
  { what: 'a text without end', content: `name: "${'\\'.repeat(200_000)}`, id: 'yaml-syntax' },
  { what: 'NUL bytes in text', content: 'name: shop\0\nextends: web-server\n', id: 'not-text' },
];

describe('a hostile profile ends in a problem, soon and briefly', () => {
  it.each(HOSTILE_FILES)('$what', ({ content, id }) => {
    const cwd = temporaryFolder({ 'profile.yaml': content });
    const { code, stdout } = nettune(['validate', 'profile.yaml'], { cwd });
    expect(stdout).toContain(`[${id}]`);
    expect(stdout.length).toBeLessThan(60_000);
    expect(code).toBe(1);
  });
});

describe('tens of thousands of problems are said soon too', () => {
  const repeated = 40_000;
  let report: ProblemReport;
  beforeAll(() => {
    const { problems } = compileBytes(new TextEncoder().encode('a: 1\n'.repeat(repeated)));
    report = { problems, profiles: ['profile.yaml'], isFailure: () => true, pathOf: (path) => path };
  });

  it.each(PROBLEM_FORMATS)('$id', async ({ load }) => {
    const format = await load();
    expect(report.problems.length).toBeGreaterThanOrEqual(repeated);
    expect(format(report, plain)).toContain('profile.yaml');
  });
});

const EXTENDS = (reference: string) => `name: shop\nextends: ${reference}\n`;

describe('extends reads regular files of the repository and nothing else', () => {
  it.each([
    { what: 'a device', target: '/dev/zero' },
    { what: 'a file outside', target: '/etc/passwd' },
  ])('a link to $what', ({ target }) => {
    const cwd = temporaryFolder({ 'profile.yaml': EXTENDS('./base.yaml') });
    symlinkSync(target, join(cwd, 'base.yaml'));
    const { code, stdout } = nettune(['validate', 'profile.yaml'], { cwd });
    expect(stdout).toContain('`./base.yaml` lies outside the repository');
    expect(stdout).not.toContain('root:');
    expect(code).toBe(1);
  });

  it('a FIFO that nobody writes to', () => {
    const cwd = temporaryFolder({ 'profile.yaml': EXTENDS('./base.yaml') });
    execFileSync('mkfifo', [join(cwd, 'base.yaml')]);
    expect(nettune(['validate', 'profile.yaml'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is not a regular file'),
    });
  });

  it('a folder', () => {
    const cwd = temporaryFolder({ 'profile.yaml': EXTENDS('./base.yaml'), 'base.yaml/file': '' });
    expect(nettune(['validate', 'profile.yaml'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is not a regular file'),
    });
  });

  it('a file above the profile, where no repository says that both belong together', () => {
    const cwd = temporaryFolder({ 'own/profile.yaml': EXTENDS('../base.yaml'), 'base.yaml': 'extends: web-server\n' });
    expect(nettune(['validate', 'own/profile.yaml'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('outside the repository'),
    });
  });

  it('the same file, where a repository holds both', () => {
    const cwd = temporaryFolder({
      'own/profile.yaml': EXTENDS('../base.yaml'),
      'base.yaml': 'extends: web-server\n',
      '.git/HEAD': '',
    });
    expect(nettune(['validate', 'own/profile.yaml'], { cwd })).toMatchObject({ code: 0 });
  });

  it('more bases in a row than anybody can follow', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`_${index}.yaml`, `extends: ./_${index + 1}.yaml\n`]),
    );
    const cwd = temporaryFolder({ ...chain, 'profile.yaml': EXTENDS('./_0.yaml') });
    expect(nettune(['validate', 'profile.yaml'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('bases in a row'),
    });
  });
});

describe('a PATH that is no profile is refused before it is read', () => {
  it.each([
    { what: 'a device', path: '/dev/zero' },
    { what: 'a missing file', path: 'nowhere.yaml' },
    { what: 'an empty folder', path: 'empty' },
    { what: 'a glob without matches', path: '*.yml' },
  ])('$what', ({ path }) => {
    const cwd = temporaryFolder({ 'empty/readme.txt': '' });
    const { code, stdout, stderr } = nettune(['validate', path], { cwd });
    expect(stderr).toMatch(/^error: .+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('a FIFO', () => {
    const cwd = temporaryFolder();
    execFileSync('mkfifo', [join(cwd, 'profile.yaml')]);
    expect(nettune(['validate', 'profile.yaml'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });

  it('a link in a repository that leads out of it, as a pull request may bring one', () => {
    const cwd = temporaryFolder({
      'repository/.git/HEAD': '',
      'repository/profiles/shop.yaml': EXTENDS('web-server'),
      'secret.yaml': 'password: hunter2',
    });
    symlinkSync('../../secret.yaml', join(cwd, 'repository/profiles/evil.yaml'));
    const { code, stdout, stderr } = nettune(['validate', 'profiles'], { cwd: join(cwd, 'repository') });
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it.each([
    { what: "git's own configuration", target: '../.git/config', content: '[http]\nextraheader = hunter2: x\n' },
    { what: 'another file of the repository', target: '../secrets.yaml', content: 'API_KEY: hunter2\n' },
    {
      what: 'a file with a key that a profile has',
      target: '../secrets.yaml',
      content: 'name: db\npassword: hunter2\n',
    },
  ])('a link to $what is read, and not quoted', ({ target, content }) => {
    const cwd = temporaryFolder({
      '.git/HEAD': '',
      [target.slice(3)]: content,
      'profiles/a.yaml': EXTENDS('web-server'),
    });
    symlinkSync(target, join(cwd, 'profiles/evil.yaml'));
    const { code, stdout, stderr } = nettune(['validate', 'profiles'], { cwd });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('a folder of profiles that is a link out of the repository', () => {
    const cwd = temporaryFolder({ 'repository/.git/HEAD': '', 'outside/secret.yaml': 'password: hunter2\n' });
    symlinkSync('../outside', join(cwd, 'repository/profiles'));
    for (const path of ['profiles', 'profiles/secret.yaml', '**/*.yaml']) {
      const { code, stdout, stderr } = nettune(['validate', path], { cwd: join(cwd, 'repository') });
      expect({ path, code }).toEqual({ path, code: 2 });
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });
});

it('a base of which a hundred profiles are made is parsed once', () => {
  const padding = `# ${'x'.repeat(250_000)}\n`;
  const bases = Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map((index) => [
      `_${index}.yaml`,
      `${padding}extends: ${index === 0 ? 'web-server' : `./_${index - 1}.yaml`}\n`,
    ]),
  );
  const profiles = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`p${index}.yaml`, `name: p${index}\nextends: ./_5.yaml\n`]),
  );
  const cwd = temporaryFolder({ ...bases, ...profiles });
  expect(nettune(['validate', '.'], { cwd })).toMatchObject({ code: 0, stdout: '100 profiles: no problems\n' });
});
