import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { comparePlans } from '../../src/compare-plans.ts';
import { printableJson } from '../../src/text/printable.ts';
import { callNettune } from '../support/call-nettune.ts';
import { nettune } from '../support/cli.ts';
import { compileBytes } from '../support/compile-profile.ts';
import { faultsOf } from '../support/schemas.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A case is a folder with a profile as it was and as it is, and what is said of it; `npm run golden` writes that anew. */
const CASES = join(dirname(fileURLToPath(import.meta.url)), 'compare-command');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const compare = (cwd: string, ...args: string[]) => callNettune(['compare', ...args], { cwd });

const SHOP = 'name: shop\nextends: web-server\n';

describe('nettune compare', () => {
  it.each(readdirSync(CASES))('%s', async (name) => {
    const folder = join(CASES, name);
    const format = existsSync(join(folder, 'page.md')) ? 'markdown' : 'text';
    const page = join(folder, format === 'markdown' ? 'page.md' : 'page.txt');
    const { stdout } = await compare(folder, 'old.yaml', 'new.yaml', '--format', format);
    if (UPDATE) writeFileSync(page, stdout);
    expect(stdout).toBe(readFileSync(page, 'utf8'));
  });

  it.each([
    { what: 'the same profile', now: SHOP },
    { what: 'other comments and lines', now: '# the shop\n\nname: shop # a\n\n\nextends: web-server\n' },
    { what: 'another order of keys', now: 'extends: web-server\nname: shop\n' },
    { what: 'another spelling of the same value', now: `${SHOP}host: { memory: 16384MiB }\n` },
    { what: 'a value that the base has as well', now: `${SHOP}conntrack: { timeouts: { established: 3600 } }\n` },
  ])('$what: no change', async ({ now }) => {
    const cwd = temporaryFolder({ 'old.yaml': SHOP, 'new.yaml': now });
    expect(await compare(cwd, 'old.yaml', 'new.yaml')).toEqual({ code: 0, stdout: 'no change\n', stderr: '' });
  });

  it('matches the profiles of two folders by name, and one in a file of the same name by that', async () => {
    const cwd = temporaryFolder({
      'old/shop.yaml': SHOP,
      'old/cache.yaml': 'name: cache\nextends: squid-proxy\n',
      'old/gate.yaml': 'name: gate\nextends: nat-gateway\n',
      'new/web/note.txt': '',
      'new/renamed-file.yaml': SHOP,
      'new/cache.yaml': 'name: proxy\nextends: squid-proxy\n',
      'new/tunnel.yaml': 'name: tunnel\nextends: nat-gateway\n',
    });
    const { profiles, same } = JSON.parse((await compare(cwd, 'old', 'new', '--format', 'json')).stdout);
    expect(profiles.map(({ name, kind }: { name: string; kind: string }) => `${name} ${kind}`)).toEqual([
      'gate gone',
      'proxy changed',
      'tunnel new',
    ]);
    expect(profiles[1].formerName).toBe('cache');
    expect(same).toEqual(['shop']);
  });

  it('says a change of a base once for all profiles that extend it', async () => {
    const profile = (name: string) => `name: ${name}\nextends: ./_base.yaml\n`;
    const folder = (hours: number) => ({
      '_base.yaml': `extends: web-server\nconntrack: { timeouts: { established: ${hours}h } }\n`,
      'shop.yaml': profile('shop'),
      'mirror.yaml': profile('mirror'),
    });
    const files = (name: string, hours: number) =>
      Object.entries(folder(hours)).map(([path, content]) => [`${name}/${path}`, content] as const);
    const cwd = temporaryFolder(Object.fromEntries([...files('old', 2), ...files('new', 3)]));
    const { stdout } = await compare(cwd, 'old', 'new');
    expect(stdout).toContain('2 of 2 profiles differ\n\nmirror, shop: 1 value changes\n');
    expect(stdout.match(/7200 → 10800/g)).toHaveLength(1);
  });

  it('takes the name of a shipped profile, and standard input for one of the two', () => {
    const { code, stdout } = nettune(['compare', 'web-server', '-'], { input: SHOP });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('shop: was named web-server') });
  });

  it('compares what can be compared when the other side has errors, says which, and exits with 1', async () => {
    const cwd = temporaryFolder({
      'old/shop.yaml': SHOP,
      'old/cache.yaml': 'name: cache\nextends: squid-proxy\n',
      'new/shop.yaml': `${SHOP}traffic: { connectionsPerSecond: 9000 }\n`,
      'new/cache.yaml': 'name: cache\nextends: squid-prox\n',
    });
    const { code, stdout, stderr } = await compare(cwd, 'old', 'new');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^new\/cache\.yaml:2:10: error: /);
    expect(stdout).toMatch(/^1 of 2 profiles differs\n\nshop: apache2 is restarted/);
    expect(stdout).not.toContain('cache: gone');
    expect(stdout).toContain('Not compared, for they have errors: new/cache.yaml.');
    expect(stdout).toContain('Not compared, for a file of the other side has errors: cache.');
  });

  it('judges the new side alone: a change that mends a broken profile passes', async () => {
    const cwd = temporaryFolder({
      'broken/cache.yaml': 'name: cache\nextends: squid-prox\n',
      'fine/cache.yaml': 'name: cache\nextends: squid-proxy\n',
    });
    const mended = await compare(cwd, 'broken', 'fine');
    expect(mended).toMatchObject({ code: 0, stderr: expect.stringMatching(/^broken\/cache\.yaml:2:10: error: /) });
    expect((await compare(cwd, 'fine', 'broken')).code).toBe(1);
  });

  it('says a fault of a base that both sides extend once', async () => {
    const cwd = temporaryFolder({
      '_base.yaml': 'extends: web-server\nhost: { memory: 16GB }\n',
      'old.yaml': 'name: shop\nextends: ./_base.yaml\n',
      'new.yaml': 'name: shop\nextends: ./_base.yaml\ntraffic: { connectionsPerSecond: 9000 }\n',
    });
    const { code, stderr } = await compare(cwd, 'old.yaml', 'new.yaml');
    expect(code).toBe(1);
    expect(stderr.match(/^_base\.yaml:2:17: error: /gm)).toHaveLength(1);
  });

  it.each([
    { what: 'nothing else is there', more: {}, says: 'nothing could be compared' },
    { what: 'another profile is the same', more: { 'shop.yaml': SHOP }, says: 'no change in what could be compared' },
  ])('does not say that nothing changes where a file has errors: $what', async ({ more, says }) => {
    const folder = (name: string, base: string) =>
      Object.entries({ 'cache.yaml': `name: cache\nextends: ${base}\n`, ...more }).map(
        ([path, content]) => [`${name}/${path}`, content] as const,
      );
    const cwd = temporaryFolder(Object.fromEntries([...folder('old', 'squid-proxy'), ...folder('new', 'squid-prox')]));
    expect((await compare(cwd, 'old', 'new')).stdout.split('\n')[0]).toBe(says);
  });

  it('links nobody by the name of a distribution', async () => {
    const host = 'host: { distribution: www.example.com, family: debian, kernel: "6.1" }\n';
    const cwd = temporaryFolder({ 'old.yaml': SHOP, 'new.yaml': `${SHOP}${host}` });
    const { stdout } = await compare(cwd, 'old.yaml', 'new.yaml', '--format', 'markdown');
    expect(stdout).toContain('debian-12 → www\\.example.com');
    expect(stdout.replace(/`[^`]*`/g, '')).not.toContain('www.');
  });

  it('names no more files in a comment than have room there, however long their paths are', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `${'x'.repeat(240)}-${index}.yaml`);
    const side = (name: string) => names.map((file) => [`${name}/${file}`, 'name: cache\n'] as const);
    const cwd = temporaryFolder(Object.fromEntries([...side('old'), ...side('new')]));
    const { stdout } = await compare(cwd, 'old', 'new', '--format', 'markdown');
    expect(stdout).toMatch(
      /^### nettune: nothing could be compared\n\nNot compared, for they have errors: `…x+-0\.yaml`/,
    );
    expect(stdout).toMatch(/x+-\d+\.yaml` and 40 more\.\n$/);
    expect(stdout.length).toBeLessThan(20 * 210);
  });

  it.each([
    { what: 'one path', args: ['a.yaml'], says: 'compare takes two profiles or two folders; or --git and a revision' },
    { what: 'three paths', args: ['a.yaml', 'a.yaml', 'a.yaml'], says: 'compare takes two profiles or two folders' },
    { what: 'standard input twice', args: ['-', '-'], says: 'only one of the two can come from standard input' },
    { what: 'a file that is not there', args: ['a.yaml', 'b.yaml'], says: 'b.yaml: no such file or folder' },
    {
      what: 'a format that is not there',
      args: ['a.yaml', 'a.yaml', '--format', 'html'],
      says: 'text, json, markdown',
    },
    { what: 'a revision without a repository', args: ['--git', 'main'], says: '--git needs a repository' },
  ])('refuses $what', async ({ args, says }) => {
    const { code, stdout, stderr } = await compare(temporaryFolder({ 'a.yaml': SHOP }), ...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
  });
});

describe('a comparison', () => {
  it('is as its schema describes it, in every case', async () => {
    for (const name of readdirSync(CASES)) {
      const [before, after] = ['old', 'new'].map((side) =>
        compileBytes(readFileSync(join(CASES, name, `${side}.yaml`))),
      );
      const comparison = comparePlans({ compiled: [], broken: [], ...before }, { compiled: [], broken: [], ...after });
      const parsed = JSON.parse(printableJson({ version: 1, ...comparison }));
      expect(faultsOf('compare', parsed), name).toEqual([]);
    }
    const { stdout } = await compare(join(CASES, 'more-traffic'), 'old.yaml', 'new.yaml', '--format', 'json');
    expect(faultsOf('compare', JSON.parse(stdout))).toEqual([]);
    expect(
      faultsOf('compare', { version: 1, profiles: [{ name: 'x' }], same: [], unknown: [], broken: [] }),
    ).not.toEqual([]);
  });

  it('is as long as a comment on GitHub may be, names what is left out, and has the worst first', async () => {
    const profile = (index: number) =>
      `name: web-${index}\nextends: web-server\nconntrack: { timeouts: { established: ${index + 10}h } }\n`;
    const folders = Array.from({ length: 60 }, (_, index) => [
      [`old/${index}.yaml`, profile(index)],
      [`new/${index}.yaml`, `${profile(index)}traffic: { connectionsPerSecond: ${index * 1000 + 9000} }\n`],
    ]);
    const cwd = temporaryFolder(Object.fromEntries(folders.flat()));
    const { stdout } = await compare(cwd, 'old', 'new', '--format', 'markdown');
    expect(stdout.length).toBeGreaterThan(60_000);
    expect(stdout.length).toBeLessThanOrEqual(65_536);
    expect(stdout).toMatch(/A comment has no room for the rest of `web-\d+`.*: `nettune compare` shows all of it\.\n$/);
    for (let index = 0; index < 60; index++) expect(stdout).toContain(`- \`web-${index}\`: apache2 is restarted`);
    expect(stdout.match(/^#### /gm)?.length).toBeLessThan(60);
  });
});
