import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { nettune, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

const SHOP = { 'profiles/shop.yaml': 'name: shop\nextends: web-server\n' };
const SYSCTL = 'out/shop/etc/sysctl.d/90-nettune-shop.conf';
const MODPROBE = 'out/shop/etc/modprobe.d/nettune-shop.conf';

/** Makes each folder just before nettune does. */
const OTHER_RUN = `const fs = require('node:fs');
const { mkdirSync } = fs;
fs.mkdirSync = (path) => [mkdirSync(path), mkdirSync(path)];`;

async function rendered(files: Record<string, string> = SHOP): Promise<string> {
  const cwd = temporaryFolder(files);
  expect(await callNettune(['render'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  return cwd;
}

describe('nettune render', () => {
  it('says of each profile where its files are, and how many', async () => {
    const { stdout } = await callNettune(['render'], { cwd: temporaryFolder(SHOP) });
    expect(stdout).toMatch(
      /^out\/nettune-host {2}created\nout\/shop {10}\d\d files created\n\d\d files: \d\d created\n$/,
    );
  });

  it('with --verbose lists a line for each artifact, with its size and what it does', async () => {
    const { stdout } = await callNettune(['render', '--verbose', '-o', temporaryFolder()], {
      cwd: temporaryFolder(SHOP),
    });
    expect(stdout).toMatch(
      /^create {2}shop\/etc\/sysctl\.d\/90-nettune-shop\.conf +\d\.\d kB {2}kernel parameters, set at boot$/m,
    );
    expect(stdout).toMatch(/\n\d+ files: \d+ created\n$/);
  });

  it('does not touch a file that is as it should be, and counts it', async () => {
    const cwd = await rendered();
    const before = statSync(join(cwd, SYSCTL));
    expect((await callNettune(['render'], { cwd })).stdout).toMatch(/^\d+ files: \d+ unchanged\n$/);
    expect(statSync(join(cwd, SYSCTL))).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino });
  });

  it('makes the same bytes of a profile that was only reordered and commented', async () => {
    const tidy = await rendered({ 'profiles/shop.yaml': 'name: shop\nextends: web-server\nhost: { memory: 32GiB }\n' });
    const other = await rendered({
      'profiles/shop.yaml': '# moved\nhost:\n  # smaller\n  memory: 32GiB\nextends: web-server\n\nname: shop\n',
    });
    expect(readTree(join(other, 'out'))).toEqual(readTree(join(tidy, 'out')));
  });

  it('replaces a file that was edited, and one whose mode was changed', async () => {
    const cwd = await rendered();
    writeFileSync(join(cwd, SYSCTL), 'edited');
    chmodSync(join(cwd, MODPROBE), 0o755);
    expect((await callNettune(['render'], { cwd })).stdout).toMatch(
      /^out\/shop {2}etc\/modprobe\S+, etc\/sysctl\S+ updated, \d+ files unchanged\n\d+ files: 2 updated, \d+ unchanged\n$/,
    );
    expect(statSync(join(cwd, MODPROBE)).mode & 0o777).toBe(0o644);
  });

  it('writes nothing while a profile has an error, and keeps what is there', async () => {
    const cwd = await rendered();
    const before = readTree(join(cwd, 'out'));
    writeFileSync(join(cwd, 'profiles/other.yaml'), 'name: other\nextends: web-server\nhost: { memory: 1 }\n');
    expect(await callNettune(['render'], { cwd })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('nothing was written'),
    });
    expect(readTree(join(cwd, 'out'))).toEqual(before);
  });

  it('says what somebody may look for in vain', async () => {
    const profile = 'name: shop\nextends: nat-gateway\nhost: { distribution: centos-6 }\n';
    const cwd = temporaryFolder({ 'profiles/shop.yaml': profile });
    expect((await callNettune(['render'], { cwd })).stdout).toMatch(
      /\nshop: no ansible: the role needs systemd, and .+\n$/,
    );
    expect((await callNettune(['render', '--only', 'sysctl'], { cwd })).stdout).not.toContain('ansible');
  });

  it('lets a warning pass, unless --fail-on warning', async () => {
    const cwd = temporaryFolder({
      'profiles/shop.yaml': `${SHOP['profiles/shop.yaml']}sysctl: { net.ipv4.tcp_frto: { value: 1, because: tests } }\n`,
    });
    expect(await callNettune(['render', '--fail-on', 'warning'], { cwd })).toMatchObject({ code: 1, stdout: '' });
    expect(await callNettune(['render'], { cwd })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning:'),
    });
    expect(readFileSync(join(cwd, SYSCTL), 'utf8')).toContain(
      '# tests. From: sysctl.net.ipv4.tcp_frto.\nnet.ipv4.tcp_frto = 1\n',
    );
  });
});

describe('a file is replaced whole or not at all', () => {
  it('a reader that has the old file open still reads all of it', async () => {
    const cwd = await rendered();
    const before = readFileSync(join(cwd, SYSCTL), 'utf8');
    const open = openSync(join(cwd, SYSCTL), 'r');
    writeFileSync(
      join(cwd, 'profiles/shop.yaml'),
      'name: shop\nextends: web-server\ntraffic: { connectionsPerSecond: 9000 }\n',
    );
    await callNettune(['render'], { cwd });
    expect(readFileSync(open, 'utf8')).toBe(before);
    closeSync(open);
    expect(readFileSync(join(cwd, SYSCTL), 'utf8')).not.toBe(before);
  });

  it('another run that makes the same folders meanwhile is no obstacle', () => {
    const cwd = temporaryFolder({ ...SHOP, 'other-run.cjs': OTHER_RUN });
    expect(nettune(['render'], { cwd, env: { NODE_OPTIONS: '--require=./other-run.cjs' } })).toMatchObject({ code: 0 });
  });

  it('a write that fails leaves the old file, and nothing half-written beside it', async () => {
    const cwd = await rendered();
    const before = readTree(join(cwd, 'out'));
    writeFileSync(
      join(cwd, 'profiles/shop.yaml'),
      'name: shop\nextends: web-server\ntraffic: { connectionsPerSecond: 9000 }\n',
    );
    const script = 'ulimit -f 0; trap "" XFSZ; exec "$0" "$1" render'; // no file may grow: the disk is full
    const { status, stderr } = spawnSync('bash', ['-c', script, process.execPath, PROGRAM], { cwd, encoding: 'utf8' });
    expect(stderr).toMatch(/^error: out\/shop\/.+: cannot be written: /);
    expect(status).toBe(2);
    expect(readTree(join(cwd, 'out'))).toEqual(before);
  });
});

describe('looking without writing', () => {
  it('--check lists what is out of date, missing or stale, and exits with 1', async () => {
    const cwd = await rendered();
    expect(await callNettune(['render', '--check'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ files: \d+ up to date\n$/),
    });
    writeFileSync(
      join(cwd, 'profiles/shop.yaml'),
      'name: shop\nextends: web-server\ntraffic: { connectionsPerSecond: 9000 }\n',
    );
    const { code, stdout } = await callNettune(['render', '--check'], { cwd });
    expect(stdout).toMatch(/^update {2}shop\/etc\/sysctl\.d/m);
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, SYSCTL), 'utf8')).toContain('somaxconn = 8192');
  });

  it('--diff shows the lines that would change', async () => {
    const cwd = await rendered();
    writeFileSync(
      join(cwd, 'profiles/shop.yaml'),
      'name: shop\nextends: web-server\ntraffic: { connectionsPerSecond: 9000 }\n',
    );
    const { code, stdout } = await callNettune(['render', '--diff'], { cwd });
    expect(stdout).toContain('-net.core.somaxconn = 8192\n+net.core.somaxconn = 16384\n');
    expect(code).toBe(1);
  });

  it('--diff makes what somebody else put there harmless to a terminal', async () => {
    const cwd = await rendered();
    writeFileSync(join(cwd, SYSCTL), '\u001b[31m ##[group] \u202e\n');
    const { stdout } = await callNettune(['render', '--diff'], { cwd });
    expect(stdout).toContain('-<U+001B>[31m #<U+0023>[group] <U+202E>');
  });

  it('--stdout prints one artifact as it is, and several with their paths', async () => {
    const cwd = await rendered();
    expect((await callNettune(['render', '--stdout', '--only', 'sysctl'], { cwd })).stdout).toBe(
      readFileSync(join(cwd, SYSCTL), 'utf8'),
    );
    expect((await callNettune(['render', '--stdout', '--only', 'modprobe'], { cwd })).stdout).toContain(
      '==> shop/etc/modprobe.d/nettune-shop.conf <==\n',
    );
  });

  it.each([['--check'], ['--diff'], ['--stdout']])('%s writes nothing into an empty folder', async (flag) => {
    const cwd = temporaryFolder(SHOP);
    await callNettune(['render', flag], { cwd });
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  it.each([
    ['--stdout', '--check'],
    ['--prune', '--check'],
    ['--prune', '--stdout'],
  ])('%s and %s together are refused', async (one, other) => {
    expect(await callNettune(['render', one, other], { cwd: temporaryFolder(SHOP) })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
});

describe('--only', () => {
  it('writes these outputs and no others', async () => {
    const cwd = temporaryFolder(SHOP);
    await callNettune(['render', '--only', 'sysctl'], { cwd });
    expect(Object.keys(readTree(join(cwd, 'out')))).toEqual(['shop/etc/sysctl.d/90-nettune-shop.conf']);
  });

  it('names a likely output for one that does not exist', async () => {
    expect(await callNettune(['render', '--only', 'sysclt'], { cwd: temporaryFolder(SHOP) })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean `sysctl`?'),
    });
  });
});

describe('files that no profile makes any more', () => {
  const OLD = '# Generated by nettune from profile shop. Do not edit: change the profile and render again.\n';
  const STALE = 'out/shop/etc/sysctl.d/80-old.conf';

  it('are listed, and removed only with --prune, with the folders that they leave empty', async () => {
    const cwd = await rendered();
    mkdirSync(join(cwd, 'out/shop/etc/modprobe.d/deep'));
    writeFileSync(join(cwd, STALE), OLD);
    writeFileSync(join(cwd, 'out/shop/etc/modprobe.d/deep/old.conf'), OLD);
    expect((await callNettune(['render'], { cwd })).stdout).toMatch(
      / etc\/modprobe.d\/deep\/old\.conf, etc\/sysctl\.d\/80-old\.conf stale \(--prune removes them\)$/m,
    );
    expect(existsSync(join(cwd, STALE))).toBe(true);
    expect((await callNettune(['render', '--check'], { cwd })).code).toBe(1);
    expect((await callNettune(['render', '--prune'], { cwd })).stdout).toContain('2 removed');
    expect(existsSync(join(cwd, STALE))).toBe(false);
    expect(existsSync(join(cwd, 'out/shop/etc/modprobe.d/deep'))).toBe(false);
  });

  it.each([
    { what: 'without our header', path: STALE, content: 'vm.swappiness = 1\n' },
    { what: 'with the header further down', path: STALE, content: `# mine\n${OLD}` },
    { what: "with another profile's header", path: STALE, content: OLD.replace('shop', 'depot') },
    { what: 'where no artifact lies', path: 'out/shop/notes.txt', content: OLD },
    { what: "beside the profiles' folders", path: 'out/80-old.conf', content: OLD },
  ])('are not those $what', async ({ path, content }) => {
    const cwd = await rendered();
    writeFileSync(join(cwd, path), content);
    expect((await callNettune(['render', '--prune'], { cwd })).stdout).toMatch(/\d+ files: \d+ unchanged\n$/);
    expect(readFileSync(join(cwd, path), 'utf8')).toBe(content);
  });

  it('are not those of an output that is not rendered', async () => {
    const cwd = await rendered();
    writeFileSync(join(cwd, STALE), OLD);
    expect((await callNettune(['render', '--only', 'modprobe', '--prune'], { cwd })).stdout).not.toContain('removed');
  });

  it('are those of a profile that vanished from its folder, and not when single files were given', async () => {
    const cwd = await rendered({ ...SHOP, 'profiles/depot.yaml': 'name: depot\nextends: nat-gateway\n' });
    writeFileSync(join(cwd, 'profiles/depot.yaml'), 'name: store\nextends: nat-gateway\n');
    expect((await callNettune(['render', 'profiles/shop.yaml', '--prune'], { cwd })).stdout).not.toContain('depot');
    await callNettune(['render', 'profiles', '--prune'], { cwd });
    expect(existsSync(join(cwd, 'out/depot'))).toBe(false);
    expect(existsSync(join(cwd, 'out/store'))).toBe(true);
  });

  it.each(['web-server', 'squid-proxy', 'nat-gateway'])('are each said once, and all gone, of a %s', async (base) => {
    const cwd = await rendered({ 'profiles/shop.yaml': `name: shop\nextends: ${base}\n` });
    writeFileSync(join(cwd, 'profiles/shop.yaml'), `name: store\nextends: ${base}\n`);
    const { code, stdout, stderr } = await callNettune(['render', '--prune'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const removed = [...stdout.matchAll(/^remove +(\S+)/gm)].map(([, path]) => path);
    expect(removed).toEqual([...new Set(removed)]);
    expect(existsSync(join(cwd, 'out/shop'))).toBe(false);
  });

  it('are listed by a name that does nothing to a terminal or a CI log, whatever somebody called them', async () => {
    const cwd = await rendered();
    writeFileSync(join(cwd, 'out/shop/etc/sysctl.d/x\n::error file=a::pwned\u001b[31m\u202e##[group].conf'), OLD);
    const { stdout } = await callNettune(['render', '--check'], { cwd });
    expect(stdout).toContain('x<U+000A>::error file=a::pwned<U+001B>[31m<U+202E>#<U+0023>[group].conf');
    expect(stdout).not.toMatch(/^::/m);
  });

  it('are never looked for behind a link, wherever it stands', async () => {
    const cwd = await rendered();
    const elsewhere = temporaryFolder({ 'sysctl.d/80-old.conf': OLD });
    rmSync(join(cwd, 'out/shop/etc'), { recursive: true });
    symlinkSync(elsewhere, join(cwd, 'out/shop/etc'));
    await callNettune(['render', '--prune', '--only', 'modprobe'], { cwd });
    await callNettune(['render', '--prune'], { cwd });
    expect(existsSync(join(elsewhere, 'sysctl.d/80-old.conf'))).toBe(true);
  });

  it('are never looked for behind a link below a territory', async () => {
    const cwd = await rendered();
    const elsewhere = temporaryFolder({ '80-old.conf': OLD });
    mkdirSync(join(cwd, 'out/shop/etc/udev'), { recursive: true });
    symlinkSync(elsewhere, join(cwd, 'out/shop/etc/modules-load.d/link'));
    await callNettune(['render', '--prune'], { cwd });
    expect(existsSync(join(elsewhere, '80-old.conf'))).toBe(true);
  });
});

describe('the output folder', () => {
  it.each([
    {
      what: 'a link in place of a folder',
      prepare: (cwd: string) => symlinkSync(temporaryFolder(), join(cwd, 'out/shop/etc')),
    },
    { what: 'a link in place of a file', prepare: (cwd: string) => linkInPlaceOfFile(cwd) },
    { what: 'a file in place of a folder', prepare: (cwd: string) => writeFileSync(join(cwd, 'out/shop/etc'), '') },
    {
      what: 'a folder in place of a file',
      prepare: (cwd: string) => mkdirSync(join(cwd, SYSCTL), { recursive: true }),
    },
  ])('is not written to at all when there is $what', async ({ prepare }) => {
    const cwd = temporaryFolder(SHOP);
    mkdirSync(join(cwd, 'out/shop'), { recursive: true });
    prepare(cwd);
    const before = readTree(join(cwd, 'out'));
    const { code, stderr } = await callNettune(['render'], { cwd });
    expect(stderr).toMatch(/^error: out\/shop\/.+: .+; nothing was written\n$/);
    expect(code).toBe(2);
    expect(readTree(join(cwd, 'out'))).toEqual(before);
  });

  it('may itself be a link: the user chose it', async () => {
    const cwd = temporaryFolder(SHOP);
    symlinkSync(temporaryFolder(), join(cwd, 'out'));
    expect((await callNettune(['render'], { cwd })).code).toBe(0);
  });

  it('that cannot be made is named, with the reason', async () => {
    const cwd = temporaryFolder({ ...SHOP, file: '' });
    expect(await callNettune(['render', '-o', 'file/out'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a file stands where a folder is needed'),
    });
  });

  function linkInPlaceOfFile(cwd: string): void {
    mkdirSync(join(cwd, 'out/shop/etc/sysctl.d'), { recursive: true });
    symlinkSync(join(temporaryFolder({ target: 'keep' }), 'target'), join(cwd, SYSCTL));
  }
});
