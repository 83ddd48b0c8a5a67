import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { draftRepository } from '../../src/init/draft-repository.ts';
import { gatherAnswers } from '../../src/init/gather-answers.ts';
import { ROLES } from '../../src/roles/roles.ts';
import { callNettune } from '../support/call-nettune.ts';
import { nettune } from '../support/cli.ts';
import { compileBytes } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

const init = (cwd: string, ...args: string[]) => callNettune(['init', ...args], { cwd });
const profileIn = (cwd: string, name: string) => readFileSync(join(cwd, `profiles/${name}.yaml`), 'utf8');

/** The profile of somebody who takes every default. */
async function usualProfile(role: string, distribution: string): Promise<string> {
  const given = { role, 'host.distribution': distribution };
  const { files } = draftRepository(await gatherAnswers(given, (_, fallback) => fallback), () => false);
  return files[0]?.content ?? '';
}

const compileText = (text: string) => compileBytes(new TextEncoder().encode(text));

describe('the profile', () => {
  it.each(ROLES.map(({ role }) => role))('of a %s has no problem, on any distribution', async (role) => {
    for (const { id, apache } of DISTRIBUTIONS) {
      const { compiled, problems } = compileText(await usualProfile(role, id));
      // Red Hat's prefork has 256 processes anyway, and an interpreter in each of them takes more than 16 GiB.
      const expected = role === 'web-server' && apache.enabledMpm === 'prefork' ? ['workers-not-lowered'] : [];
      expect({ id, problems: problems.map((problem) => problem.id) }).toEqual({ id, problems: expected });
      expect(compiled[0]?.plan.host.distribution.id).toBe(id);
    }
  });

  it.each(ROLES.map(({ role }) => role))(
    'of a %s has no key in a comment that the schema would refuse',
    async (role) => {
      const lines = (await usualProfile(role, 'debian-12')).split('\n');
      const keys = lines.flatMap((line, index) => (/^ *# [a-zA-Z]+: /.test(line) ? [index] : []));
      expect(keys.length).toBeGreaterThan(6);
      for (const key of keys) {
        const text = lines.map((line, index) => (index === key ? line.replace('# ', '') : line)).join('\n');
        expect({ line: lines[key], valid: compileText(text).compiled.length }).toEqual({ line: lines[key], valid: 1 });
      }
    },
  );

  it.each([
    ['null', '64MiB', '8000-8100', ['8000-8100']],
    ['true', '1TiB', ' 443,80 , 8000-8100', [443, 80, '8000-8100']],
    ['e1', '3GiB', '0443', [443]],
  ])('says what was answered: %s, %s, %s', async (name, memory, ports, read) => {
    const cwd = temporaryFolder();
    const host = ['--name', name, '--distribution', 'ubuntu-24.04', '--memory', memory, '--filter', 'none'];
    const traffic = ['--ports', ports, '--connections-per-second', '7', '--concurrent-connections', '9'];
    expect((await init(cwd, 'web-server', '.', ...host, ...traffic, '--ci', 'none')).code).toBe(0);
    expect(parse(profileIn(cwd, name))).toMatchObject({
      name,
      extends: 'web-server',
      host: { distribution: 'ubuntu-24.04', memory },
      firewall: { filter: 'none' },
      traffic: { ports: read, connectionsPerSecond: 7, concurrentConnections: 9, outbound: [] },
    });
  });
});

describe('the repository', () => {
  it('is the same each time, validates, and is up to date', async () => {
    const cwd = temporaryFolder();
    for (const folder of ['one', 'two'])
      expect(await init(cwd, 'squid-proxy', folder, '--yes')).toMatchObject({ code: 0, stderr: '' });
    const tree = readTree(join(cwd, 'one'));
    expect(readTree(join(cwd, 'two'))).toEqual(tree);
    expect((await callNettune(['validate'], { cwd: join(cwd, 'one') })).stdout).toBe('1 profile: no problems\n');
    expect((await callNettune(['render', '--check', '--fail-on', 'warning'], { cwd: join(cwd, 'one') })).code).toBe(0);
    expect(tree['schemas/profile.schema.json']).toBe((await callNettune(['schema'])).stdout);
  });

  it('lists every file but those below out, which it counts, and says what is next', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await init(cwd, 'nat-gateway', "it's", '--yes');
    const tree = readTree(join(cwd, "it's"));
    const listed = [...stdout.matchAll(/^create {2}(\S+) {2,}\S/gm)].map(([, path]) => path).sort();
    expect(listed).toEqual([...Object.keys(tree).filter((path) => !path.startsWith('out/')), 'out/'].sort());
    expect(stdout).toContain(`${Object.keys(tree).filter((path) => path.startsWith('out/')).length} files`);
    expect(stdout).toContain(`\n  cd 'it'\\''s'\n  git init --initial-branch main\n  git add --all && git commit `);
  });

  it('leads into a folder whose name a shell would take for an option', async () => {
    expect((await init(temporaryFolder(), 'nat-gateway', '--yes', '--', '-x')).stdout).toContain('\n  cd ./-x\n');
  });

  it.each([
    { systems: 'none', files: [] },
    { systems: 'gitlab', files: ['.gitlab-ci.yml'] },
    { systems: 'github', files: ['.github/workflows/nettune.yml'] },
    { systems: 'github, gitlab', files: ['.github/workflows/nettune.yml', '.gitlab-ci.yml'] },
  ])('has the CI files of $systems, and names no others', async ({ systems, files }) => {
    const cwd = temporaryFolder();
    expect((await init(cwd, 'web-server', '.', '--ci', systems, '--yes')).code).toBe(0);
    const tree = readTree(cwd);
    expect(Object.keys(tree).filter((path) => /git(hub|lab)/.test(path))).toEqual(files);
    expect([...(tree['README.md'] ?? '').matchAll(/^### By (\w+)/gm)].map(([, name]) => name?.toLowerCase())).toEqual(
      systems === 'none' ? [] : systems.split(', '),
    );
  });

  it('keeps the files that a new repository at GitHub or GitLab comes with, and others that do no harm', async () => {
    const mine = {
      'README.md': '# tuning\n',
      LICENSE: 'MIT\n',
      '.gitignore': '*.retry\n',
      '.gitattributes': '* text=auto\n',
      '.pre-commit-config.yaml': 'repos: []\n',
      'editor/config': '',
    };
    const cwd = temporaryFolder(mine);
    symlinkSync('editor/config', join(cwd, '.editorconfig'));
    const { code, stdout } = await init(cwd, 'web-server', '--yes');
    expect([...stdout.matchAll(/^keep {4}(\S+) {2,}as it is/gm)].map(([, path]) => path)).toEqual([
      'README.md',
      '.pre-commit-config.yaml',
      '.gitattributes',
      '.editorconfig',
    ]);
    expect({ code, tree: readTree(cwd) }).toEqual({ code: 0, tree: expect.objectContaining(mine) });
  });

  it('has its own README beside one that is there, and names that', async () => {
    const initBeside = async (files: Record<string, string>) => {
      const cwd = temporaryFolder(files);
      await init(cwd, 'web-server', '--yes');
      return readTree(cwd);
    };
    const usual = await initBeside({});
    const beside = await initBeside({ 'README.md': 'mine\n' });
    const renamed = (path: string) => usual[path]?.replaceAll('README.md', 'NETTUNE.md');
    expect(beside).toMatchObject({
      'README.md': 'mine\n',
      'NETTUNE.md': renamed('README.md'),
      '.gitlab-ci.yml': renamed('.gitlab-ci.yml'),
      '.github/workflows/nettune.yml': renamed('.github/workflows/nettune.yml'),
    });
    expect(renamed('.gitlab-ci.yml')).toContain('NETTUNE.md says what it needs');
  });

  it('obeys its own .editorconfig', async () => {
    const cwd = temporaryFolder();
    await init(cwd, 'web-server', '.', '--yes');
    for (const [path, text] of Object.entries(readTree(cwd))) {
      if (/^(out|schemas)\//.test(path)) continue;
      expect({ path, faults: text.match(/[ \t]$|\t|\r|\n\n$|[^\n]$(?![\s\S])|^(?: {2})* (?! )\S/gm) }).toEqual({
        path,
        faults: null,
      });
    }
  });

  it('may be made in a repository of Git, and says where its CI files belong when that is above', async () => {
    const cwd = temporaryFolder({ '.git/HEAD': '', 'notes.txt': 'mine' });
    const { code, stdout } = await init(cwd, 'web-server', 'tuning', '--yes');
    expect(code).toBe(0);
    expect(stdout).not.toContain('git init');
    expect(stdout).toContain(
      `GitHub and GitLab read their files in the root of a repository, ${cwd}: move them there.\n`,
    );
    expect((await init(cwd, 'web-server', '.', '--yes')).stdout).not.toMatch(/git init|in the root/);
  });

  it('may be made in a submodule or worktree, whose .git is a file', async () => {
    const cwd = temporaryFolder({ '.git': 'gitdir: ../elsewhere\n' });
    expect(await init(cwd, 'web-server', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('git init'),
    });
    expect(readFileSync(join(cwd, '.git'), 'utf8')).toBe('gitdir: ../elsewhere\n');
  });
});

describe('nothing is written, and exit code 2', () => {
  it.each([
    [
      'a role that nobody knows',
      ['../../x', '--yes'],
      'ROLE: `../../x` is not known here; valid values are `web-server`',
    ],
    ['a misspelt role', ['webserver', '--yes'], 'did you mean `web-server`?'],
    [
      'more than a size',
      ['web-server', '--memory', '16GiB\n- evil', '--yes'],
      '--memory: `16GiB<U+000A>- evil` is not a size',
    ],
    [
      'a terminal sequence',
      ['web-server', '--name', 'w\u001b[31m\u007f', '--yes'],
      '--name: `w<U+001B>[31m<U+007F>` is not a name',
    ],
    [
      'a command of CI',
      ['web-server', '--name', '\n::error::x', '--yes'],
      '--name: `<U+000A>::error::x` is not a name',
    ],
    ['a path for a name', ['web-server', '--name', '../x', '--yes'], '--name: `../x` is not a name'],
    [
      'a group of Ansible',
      ['web-server', '--name', 'all', '--yes'],
      '--name: `all` means something of its own to Ansible',
    ],
    ['no port', ['web-server', '--ports', '80,http', '--yes'], '--ports: `http` is not a port'],
    [
      'a port that is none',
      ['web-server', '--ports', '8100-80', '--yes'],
      '--ports: `8100-80` is not a range of ports',
    ],
    ['nothing', ['web-server', '--ports', '', '--yes'], '--ports: `` is not a port'],
    ['no number', ['web-server', '--connections-per-second', '5k', '--yes'], '--connections-per-second: '],
    ['too many', ['web-server', '--concurrent-connections', '9'.repeat(30), '--yes'], 'is out of range'],
    [
      'a distribution that nobody knows',
      ['web-server', '--distribution', 'debian-99', '--yes'],
      'Did you mean `debian-13`?',
    ],
    [
      'a distribution in a typo',
      ['web-server', '--distribution', 'ubunut-22.04', '--yes'],
      'Did you mean `ubuntu-22.04`?',
    ],
    [
      'one that is like none',
      ['web-server', '--distribution', 'slackware', '--yes'],
      'Allowed choices are debian-11, ',
    ],
    ['ports of a gateway', ['nat-gateway', '--ports', '80', '--yes'], '--ports means nothing for the role nat-gateway'],
    [
      'another CI',
      ['web-server', '--ci', 'github,jenkins', '--yes'],
      '--ci: `jenkins` is not known here; valid values are `github`, `gitlab`, `none`',
    ],
    ['a CI and none', ['web-server', '--ci', 'github,none', '--yes'], '--ci: `none` stands alone'],
    [
      'another filter',
      ['web-server', '--filter', 'nft', '--yes'],
      '--filter: `nft` is not known here; did you mean `nftables`?',
    ],
    ['a folder without a name', ['web-server', '', '--yes'], 'the name of the folder is empty'],
    ['a folder in /proc', ['web-server', '/proc/tuning', '--yes'], '/proc/tuning/profiles/web.yaml: cannot be written'],
    [
      'nobody to ask',
      ['web-server', '--name', 'shop'],
      'there is no terminal to ask at: say --distribution, --memory, --filter, --ports, --connections-per-second, --concurrent-connections, --ci, or --yes',
    ],
    ['nobody to ask for anything', [], 'say ROLE, --name, '],
  ])('for %s', async (_, args, message) => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await init(cwd, ...args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout, tree: readTree(cwd) }).toEqual({ code: 2, stdout: '', tree: {} });
  });

  it('when files are in the way, every one of which is named', async () => {
    const cwd = temporaryFolder({
      '.github': '',
      'profiles/web.yaml': '',
      'profiles/other.yaml': '',
    });
    symlinkSync('nowhere', join(cwd, '.gitlab-ci.yml'));
    symlinkSync('nowhere', join(cwd, 'README.md'));
    mkdirSync(join(cwd, '.editorconfig'));
    mkdirSync(join(cwd, 'elsewhere'));
    symlinkSync('elsewhere', join(cwd, 'out'));
    const before = readTree(cwd);
    const { code, stdout, stderr } = await init(cwd, 'web-server', '--yes');
    expect(stderr).toBe(
      'error: in the way, so that nothing was written: profiles/web.yaml, README.md, .github, .gitlab-ci.yml, .editorconfig, out; choose another folder, or move them away\n',
    );
    expect({ code, stdout, tree: readTree(cwd) }).toEqual({ code: 2, stdout: '', tree: before });
  });

  it('when much of it is in the way, which is counted', async () => {
    const cwd = temporaryFolder();
    await init(cwd, 'web-server', 'new', '--yes');
    const before = readTree(cwd);
    const { code, stderr } = await init(cwd, 'web-server', 'new', '--yes');
    expect(stderr).toMatch(
      /^.+: new\/profiles\/web\.yaml, .+, new\/out\/web \(\d+ files\); choose another folder, .+\n$/,
    );
    expect(stderr.match(/new\/out\/[\w-]+/g)).toEqual(['new/out/nettune-host', 'new/out/web']);
    expect({ code, tree: readTree(cwd) }).toEqual({ code: 2, tree: before });
  });

  it.each([
    ['a file', 'file', 'file, which is no folder'],
    ['below a file', 'file/tuning', 'file/tuning: cannot be written: a file stands where a folder is needed'],
    ['a link that leads nowhere', 'dangling', 'dangling, which is no folder'],
    ['below a link that leads nowhere', 'dangling/tuning', 'dangling/tuning/profiles/web.yaml: cannot be written'],
    ['a link to itself', 'circle', 'it is a symbolic link, or a circle of them'],
  ])('when the folder is %s', async (_, folder, message) => {
    const cwd = temporaryFolder({ file: '' });
    symlinkSync('nowhere', join(cwd, 'dangling'));
    symlinkSync('circle', join(cwd, 'circle'));
    const { code, stderr } = await init(cwd, 'web-server', folder, '--yes');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(readTree(cwd)).toEqual({ file: '' });
  });
});

it('a folder that the user named by a link is the one that the link leads to', async () => {
  const cwd = temporaryFolder({ 'real/notes.txt': '' });
  symlinkSync('real', join(cwd, 'link'));
  expect((await init(cwd, 'web-server', 'link/tuning', '--yes')).code).toBe(0);
  expect(profileIn(join(cwd, 'real/tuning'), 'web')).toContain('name: web\n');
});

it('answers that are each a good one but do not fit together are problems of the profile: nothing is written', async () => {
  const cwd = temporaryFolder();
  const { code, stderr } = await init(cwd, 'web-server', '.', '--ports', '22', '--memory', '1GiB', '--yes');
  expect(stderr).toMatch(/^profiles\/web\.yaml:\d+:\d+: error: .* \[management-port-stays-tracked\]$/m);
  expect(stderr).toContain('these answers do not fit together; nothing was written\n');
  expect({ code, tree: readTree(cwd) }).toEqual({ code: 1, tree: {} });
});

it('a full disk leaves neither a file nor a folder', () => {
  const cwd = temporaryFolder({ 'kept.txt': '' });
  writeFileSync(
    join(cwd, 'full.cjs'),
    `const fs = require('fs'); let left = 10;
    const write = fs.writeSync;
    fs.writeSync = (file, ...rest) => { if (left-- > 0) return write(file, ...rest); throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }); };`,
  );
  const before = readTree(cwd);
  const { code, stderr } = nettune(['init', 'web-server', 'new/tuning', '--yes'], {
    cwd,
    env: { NODE_OPTIONS: `--require ${cwd}/full.cjs` },
  });
  expect(stderr).toContain('cannot be written: the disk is full');
  expect({ code, tree: readTree(cwd) }).toEqual({ code: 2, tree: before });
  expect(() => readFileSync(join(cwd, 'new'))).toThrow('ENOENT');
});
