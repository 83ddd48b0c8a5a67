import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { nettune, type Run } from '../support/cli.ts';
import { commitAll, GIT_ENVIRONMENT, git, initRepository } from '../support/git.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ git: 'git' });

const SHOP = 'name: shop\nextends: ../shared/_base.yaml\n';
const base = (hours: number) => `extends: web-server\nconntrack: { timeouts: { established: ${hours}h } }\n`;

/** One commit of these files on the branch `main`. */
function repository(
  files: Readonly<Record<string, string>> = {},
  prepare: (folder: string) => void = () => {},
): string {
  const folder = temporaryFolder({ 'profiles/shop.yaml': SHOP, 'shared/_base.yaml': base(2), ...files });
  prepare(folder);
  initRepository(folder);
  return folder;
}

const compare = (cwd: string, ...args: string[]): Run =>
  nettune(['compare', '--git', ...args], { cwd, env: GIT_ENVIRONMENT });

/** Every path below a folder, with all that would tell that it was touched. */
function stampAll(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .sort()
    .map((path) => {
      const { ino, size, mode, mtimeMs, ctimeMs } = lstatSync(join(folder, path));
      return [path, ino, size, mode, mtimeMs, ctimeMs].join(' ');
    });
}

describe('compare --git', () => {
  it('reads profiles and their bases as they were at the revision, and as they are on disk', () => {
    const folder = repository();
    expect(compare(folder, 'main')).toEqual({ code: 0, stdout: 'no change\n', stderr: '' });
    writeFileSync(join(folder, 'shared/_base.yaml'), base(3));
    const { code, stdout } = compare(folder, 'main');
    expect(code).toBe(0);
    expect(stdout).toContain('conntrack.timeouts.established: 2h → 3h (shared/_base.yaml:2:39)');
    expect(stdout).toContain('7200 → 10800 seconds');
  });

  it('starts git as often, however many profiles and bases there are', () => {
    const starts = [1, 40].map((count) => {
      const profiles = Array.from({ length: count }, (_, index) => [
        [`profiles/p${index}.yaml`, `name: p${index}\nextends: ../shared/_p${index}.yaml\n`],
        [`shared/_p${index}.yaml`, 'extends: ./_base.yaml\n'],
      ]);
      const folder = repository(Object.fromEntries(profiles.flat()));
      const trace = join(temporaryFolder(), 'trace');
      const settings = temporaryFolder({ config: `[trace2]\n  normalTarget = ${trace}\n` });
      const env = { ...GIT_ENVIRONMENT, GIT_CONFIG_GLOBAL: join(settings, 'config') };
      expect(nettune(['compare', '--git', 'main'], { cwd: folder, env }).stdout).toBe('no change\n');
      return readFileSync(trace, 'utf8').match(/ start /g)?.length;
    });
    expect(starts).toEqual([6, 6]); // for the commit, a listing, and twice for profiles and for bases
  });

  it('reads a base that is named as few name it, and a profile behind a link', () => {
    const folder = repository({ 'profiles/shop.yaml': '{ name: shop, "extends": "../linked/_base.yaml" }\n' }, (top) =>
      symlinkSync('shared', join(top, 'linked')),
    );
    expect(compare(folder, 'main')).toEqual({ code: 0, stdout: 'no change\n', stderr: '' });
  });

  it('leaves work tree, index and all else as they were', () => {
    const folder = repository();
    writeFileSync(join(folder, 'shared/_base.yaml'), base(3));
    writeFileSync(join(folder, 'profiles/new.yaml'), 'name: new\nextends: web-server\n');
    const before = stampAll(folder);
    expect(compare(folder, 'main').code).toBe(0);
    expect(stampAll(folder)).toEqual(before);
  });

  it.each([
    { what: 'a folder', args: ['profiles'] },
    { what: 'a file', args: ['profiles/shop.yaml'] },
    { what: 'a glob', args: ['pro*/*.yaml'] },
    { what: 'a path from a folder of the repository', args: ['.'], from: 'profiles' },
    { what: 'a path above the folder', args: ['../profiles'], from: 'shared' },
    { what: 'a folder behind a link', args: ['linked'] },
    { what: 'a file behind a link', args: ['other/link.yaml'] },
  ])('finds $what at both sides', ({ args, from = '.' }) => {
    const folder = repository({ 'other/note.txt': '' }, (top) => {
      symlinkSync('profiles', join(top, 'linked'));
      symlinkSync('../linked/shop.yaml', join(top, 'other/link.yaml'));
    });
    writeFileSync(join(folder, 'shared/_base.yaml'), base(3));
    expect(compare(join(folder, from), 'main', ...args).stdout).toContain('shop: 1 value changes');
  });

  it('knows a profile that comes, one that goes, and a new name in the same file', () => {
    const folder = repository({ 'profiles/cache.yaml': 'name: cache\nextends: squid-proxy\n' });
    rmSync(join(folder, 'profiles/cache.yaml'));
    writeFileSync(join(folder, 'profiles/shop.yaml'), SHOP.replace('shop', 'store'));
    writeFileSync(join(folder, 'profiles/new.yaml'), 'name: new\nextends: web-server\n');
    const { profiles } = JSON.parse(compare(folder, 'HEAD', '--format', 'json').stdout);
    expect(
      profiles.map(({ name, kind, formerName = '' }: Record<string, string>) => `${name} ${kind} ${formerName}`.trim()),
    ).toEqual(['cache gone', 'store changed shop', 'new new']);
  });

  it('knows new names in the same files, where other files are called the same', () => {
    const files = (suffix: string) =>
      ['one', 'two'].map((name) => [`${name}/profile.yaml`, `name: ${name}${suffix}\nextends: web-server\n`] as const);
    const folder = repository(Object.fromEntries(files('')));
    for (const [path, text] of files('-new')) writeFileSync(join(folder, path), text);
    const { profiles } = JSON.parse(compare(folder, 'main', '*/profile.yaml', '--format', 'json').stdout);
    expect(profiles.map(({ name, formerName }: Record<string, string>) => `${formerName} → ${name}`)).toEqual([
      'one → one-new',
      'two → two-new',
    ]);
  });

  it.each(COMMANDS.flatMap(({ examples }) => examples).filter(({ call }) => call.includes('--git')))(
    'does what help shows: $call',
    ({ call }) => {
      const folder = repository();
      const args = call.split(' ').slice(1);
      expect(nettune([args[0] ?? '', '--help']).stdout).toContain(`  ${call}  `);
      expect(nettune(args, { cwd: folder, env: GIT_ENVIRONMENT })).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('names the revision in the problems of its side, which a change may mend', () => {
    const folder = repository({ 'profiles/shop.yaml': `${SHOP}host: { memory: 16GB }\n` });
    writeFileSync(join(folder, 'profiles/shop.yaml'), SHOP);
    const { code, stdout, stderr } = compare(folder, 'main');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^nothing could be compared\n/) });
    expect(stderr).toMatch(/^main:profiles\/shop\.yaml:3:17: error: /);
  });

  it('works in another work tree of the repository, and in a hook of one', () => {
    const folder = repository();
    const other = join(temporaryFolder(), 'tree');
    git(folder, 'worktree', 'add', '-q', other, '-b', 'branch');
    writeFileSync(join(other, 'shared/_base.yaml'), base(3));
    const env = { ...GIT_ENVIRONMENT, GIT_DIR: join(temporaryFolder(), '.git'), GIT_INDEX_FILE: '/nowhere' };
    expect(nettune(['compare', '--git', 'main'], { cwd: other, env }).stdout).toContain('shop: 1 value changes');
  });
});

describe('compare --git refuses', () => {
  it.each([
    { what: 'a revision that is not there', args: ['nope'], says: 'there is no revision `nope` in this repository' },
    { what: 'a range', args: ['main..main'], says: 'there is no revision `main..main`' },
    { what: 'all but a revision', args: ['^main'], says: 'there is no revision `^main`' },
    { what: 'an option', args: ['--help'], says: '--git takes a revision, and `--help` is none' },
    { what: 'no name', args: [''], says: '--git takes a revision' },
    {
      what: 'what git knows, and is no commit',
      args: ['main^{tree}'],
      says: 'git finds no revision `main^{tree}`: main^{tree}^{commit}: expected commit type, but',
    },
    { what: 'no branch of origin', args: ['main@{u}'], says: '`main@{u}`: no upstream configured for branch' },
    { what: 'standard input', args: ['main', '-'], says: '--git compares files' },
    { what: 'a path that neither side has', args: ['main', 'nothing'], says: 'nothing: no such file or folder' },
    { what: 'a path outside', args: ['main', '/etc'], says: '/etc: lies outside the repository' },
    { what: 'what is no profile but a folder of git', args: ['main', 'profiles/sub.yaml'], says: 'not a regular file' },
  ])('$what', ({ args, says }) => {
    const folder = repository();
    git(
      folder,
      'update-index',
      '--add',
      '--cacheinfo',
      `160000,${git(folder, 'rev-parse', 'HEAD').trim()},profiles/sub.yaml`,
    );
    git(folder, 'commit', '-q', '-m', 'a submodule');
    const { code, stdout, stderr } = compare(folder, ...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a branch that only origin has, and names it as git does', () => {
    const folder = repository();
    const clone = join(temporaryFolder(), 'clone');
    git(folder, 'branch', 'release');
    git(folder, 'clone', '-q', folder, clone);
    expect(compare(clone, 'release').stderr).toContain('did you mean `origin/release`?');
    expect(compare(clone, 'origin/release').code).toBe(0);
  });

  it('what a shallow clone lacks, and says how to have it', () => {
    const folder = repository();
    writeFileSync(join(folder, 'shared/_base.yaml'), base(3));
    commitAll(folder);
    const clone = join(temporaryFolder(), 'clone');
    git(folder, 'clone', '-q', '--depth', '1', `file://${folder}`, clone);
    const { code, stderr } = compare(clone, 'HEAD~1');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('fetch-depth: 0') });
    git(clone, 'fetch', '-q', '--unshallow');
    expect(compare(clone, 'HEAD~1').code).toBe(0);
  });

  it('what a partial clone lacks, and says how to have it', () => {
    const folder = repository();
    git(folder, 'config', 'uploadpack.allowFilter', 'true');
    writeFileSync(join(folder, 'profiles/shop.yaml'), `${SHOP}traffic: { connectionsPerSecond: 9000 }\n`);
    commitAll(folder);
    const clone = join(temporaryFolder(), 'clone');
    git(folder, 'clone', '-q', '--filter=blob:none', `file://${folder}`, clone);
    const { code, stderr } = compare(clone, 'HEAD~1');
    const says =
      'HEAD~1:profiles/shop.yaml: is not in this clone; if it is a partial one, `git fetch --refetch --no-filter`';
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
    git(clone, 'fetch', '-q', '--refetch', '--no-filter');
    expect(compare(clone, 'HEAD~1').code).toBe(0);
  });

  it.each([
    { what: 'commit', revision: 'main', says: 'git finds no revision `main`: ' },
    { what: 'folder', revision: 'main^{tree}', says: 'the files of `main` cannot be listed: ' },
    { what: 'file', revision: 'main:profiles/shop.yaml', says: 'main:profiles/shop.yaml: cannot be read: ' },
  ])('a repository that is damaged, in the words of git: a $what', ({ revision, says }) => {
    const folder = repository();
    const object = git(folder, 'rev-parse', revision).trim();
    const file = join(folder, '.git/objects', object.slice(0, 2), object.slice(2));
    rmSync(file);
    writeFileSync(file, 'damaged');
    const { code, stderr } = compare(folder, 'main');
    expect(stderr).toMatch(new RegExp(`^error: .+loose object ${object} .+ is corrupt`));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
  });

  it('a repository that is none, and does not take the one around it instead', () => {
    const folder = repository({ 'inner/profiles/shop.yaml': 'name: shop\nextends: web-server\n' });
    mkdirSync(join(folder, 'inner/.git'));
    const { code, stderr } = compare(join(folder, 'inner'), 'main');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('git cannot read the repository') });
  });

  it('to go on without git, and where git does not trust the repository', () => {
    const folder = repository();
    const alone = nettune(['compare', '--git', 'main'], { cwd: folder, env: { PATH: '/nowhere' } });
    expect(alone).toMatchObject({ code: 2, stderr: 'error: --git needs the program git, which is not installed\n' });
    spawnSync('chown', ['-R', '1234', folder]);
    const { code, stderr } = compare(folder, 'main');
    expect(code).toBe(2);
    expect(stderr).toContain(`git does not trust ${folder}, which is somebody else's, unless \`safe.directory\` `);
  });
});

describe('a hostile repository', () => {
  /** A program that leaves a mark when anything runs it. */
  function trap(folder: string): { program: string; mark: string } {
    const [program, mark] = [join(folder, 'trap.sh'), join(folder, 'mark')];
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\nexit 1\n`);
    chmodSync(program, 0o755);
    return { program, mark };
  }

  it('runs none of the programs that its configuration names', () => {
    const { program, mark } = trap(temporaryFolder());
    const folder = repository({ '.gitattributes': '*.yaml filter=trap diff=trap\n' });
    const settings = {
      'alias.rev-parse': `!${program}`,
      'alias.cat-file': `!${program}`,
      'core.alternateRefsCommand': program,
      'core.fsmonitor': program,
      'core.gitProxy': program,
      'core.pager': program,
      'core.sshCommand': program,
      'credential.helper': program,
      'diff.trap.textconv': program,
      'filter.trap.smudge': program,
      'gpg.program': program,
      'pager.cat-file': program,
    };
    for (const [key, value] of Object.entries(settings)) git(folder, 'config', key, value);
    for (const hook of ['post-index-change', 'pre-auto-gc', 'reference-transaction'])
      symlinkSync(program, join(folder, '.git/hooks', hook));
    for (const revision of ['main', ':/profiles', 'main@{0}', ':0:profiles/shop.yaml']) compare(folder, revision);
    expect(compare(folder, 'main').stdout).toBe('no change\n');
    expect(existsSync(mark)).toBe(false);
  });

  it.each([
    { what: 'a program at the other end', url: (folder: string) => `file://${folder}` },
    { what: 'a transport that is a program', url: (_: string, program: string) => `ext::${program}` },
    { what: 'a host behind a program', url: () => 'ssh://host.invalid/repository' },
  ])('fetches nothing that it lacks: $what', ({ url }) => {
    const { program, mark } = trap(temporaryFolder());
    const folder = repository();
    const blob = git(folder, 'rev-parse', 'HEAD:shared/_base.yaml').trim();
    const settings = {
      'core.repositoryFormatVersion': '1',
      'core.sshCommand': program,
      'extensions.partialClone': 'origin',
      'protocol.allow': 'always',
      'remote.origin.promisor': 'true',
      'remote.origin.uploadpack': program,
      'remote.origin.url': url(folder, program),
    };
    for (const [key, value] of Object.entries(settings)) git(folder, 'config', key, value);
    rmSync(join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    const { code, stderr } = compare(folder, 'main');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('is not in this clone') });
    expect(existsSync(mark)).toBe(false);
  });

  it('shows what was committed, and not what stands in for it', () => {
    const folder = repository();
    const [old, other] = ['main:shared/_base.yaml', 'HEAD:shared/_base.yaml'].map((name, index) => {
      writeFileSync(join(folder, 'shared/_base.yaml'), base(2 + index));
      if (index > 0) commitAll(folder);
      return git(folder, 'rev-parse', name).trim();
    });
    git(folder, 'replace', old ?? '', other ?? '');
    expect(compare(folder, 'main~1').stdout).toContain('7200 → 10800 seconds');
  });

  it('leads nobody out of it, by links or by bases, and makes nobody wait in a circle', () => {
    const secret = temporaryFolder({ 'secret.yaml': 'name: secret\nextends: web-server\n' });
    const folder = repository(
      {
        'profiles/up.yaml': 'name: up\nextends: ../../secret.yaml\n',
        'profiles/by.yaml': 'name: by\nextends: ./out.yaml\n',
      },
      (top) => {
        symlinkSync(join(secret, 'secret.yaml'), join(top, 'profiles/out.yaml'));
        symlinkSync('circle.yaml', join(top, 'shared/circle.yaml'));
      },
    );
    for (const path of readdirSync(join(folder, 'profiles')))
      if (path !== 'shop.yaml') rmSync(join(folder, 'profiles', path));
    rmSync(join(folder, 'shared/circle.yaml'));
    expect(compare(folder, 'main', 'profiles/out.yaml').stderr).toContain('leads out of its repository by a link');
    expect(compare(folder, 'main', 'profiles/up.yaml').stderr).toContain('lies outside the repository');
    expect(compare(folder, 'main', 'profiles/by.yaml').stderr).toContain('leads out of its repository by a link');
    expect(compare(folder, 'main', 'shared/circle.yaml')).toMatchObject({ code: 2 });
  });

  it('commands no terminal and no CI system by the names of its files', () => {
    const name = 'profiles/\n::error::x\u001b[2J\u202e.yaml';
    const folder = repository({ [name]: 'name: shop\nextends: web-servr\n' });
    appendFileSync(join(folder, name), '# a comment\n');
    const { code, stdout, stderr } = compare(folder, 'main');
    expect(code).toBe(1);
    expect(stderr).toContain('main:profiles/<U+000A>::error::x');
    for (const text of [stdout, stderr]) expect(text).not.toMatch(/^\s*::|[^\P{C}\n]/mu);
  });

  it('keeps profiles apart whose names are no text', () => {
    const folder = repository();
    for (const [index, byte] of [0xe9, 0xea].entries()) {
      const path = Buffer.concat([
        Buffer.from(join(folder, 'profiles/caf')),
        Buffer.from([byte]),
        Buffer.from('.yaml'),
      ]);
      writeFileSync(path, `name: cafe-${index}\nextends: web-server\n`);
    }
    expect(nettune(['validate'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: 'error: profiles/caf\uFFFD.yaml: cannot be read: its name is not UTF-8: rename it\n',
    });
    commitAll(folder);
    git(folder, 'rm', '-q', 'profiles/caf*');
    const { stdout, stderr } = compare(folder, 'main');
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^2 of 3 profiles differ\n/), stderr: '' });
  });

  it('passes for nothing of ours by the name of a branch', () => {
    const folder = repository({ 'profiles/shop.yaml': `${SHOP}server: nginx\napache: { mpm: event }\n` });
    git(folder, 'branch', '<nettune>/profiles/x');
    writeFileSync(join(folder, 'profiles/shop.yaml'), `${SHOP}server: nginx\n`);
    expect(compare(folder, '<nettune>/profiles/x').stdout).toContain('keys-have-effect');
  });

  it('has no file read that is larger than a profile may be', () => {
    const folder = repository({ 'profiles/large.yaml': `name: large # ${'x'.repeat(2 ** 20)}\n` });
    rmSync(join(folder, 'profiles/large.yaml'));
    const { stderr } = compare(folder, 'main');
    expect(stderr).toContain('main:profiles/large.yaml: error: the file is larger than 256 KiB');
  });
});
