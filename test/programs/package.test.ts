import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { execute } from '../support/execute.ts';
import { installPacked, pack, runAfresh } from '../support/packed.ts';
import { temporaryFolder, temporaryFolderFor } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

const folder = temporaryFolderFor(afterAll);
let tarball = '';
let installed = '';

beforeAll(() => {
  tarball = pack(folder);
  installed = installPacked(folder, tarball);
});

it('the packed tarball, installed under a fresh prefix without network, renders from any folder', () => {
  const work = temporaryFolder({ 'profiles/shop.yaml': 'name: shop\nextends: web-server\n' });
  runAfresh(folder, 'npm', ['install', '--global', '--offline', '--prefix', join(folder, 'prefix'), tarball]);
  const stdout = runAfresh(folder, join(folder, 'prefix/bin/nettune'), ['render'], work);
  expect(stdout).toMatch(/^out\/nettune-host {2}created\nout\/shop +20 files created\n/);
});

it('the package holds these files, with the licences of what is in them, and depends on no other', () => {
  expect(readdirSync(join(folder, 'node_modules'))).toEqual(['.bin', '.package-lock.json', 'nettune']);
  const paths = Object.keys(readTree(installed));
  const whole = (name: string) => readdirSync(join(CHECKOUT, name)).map((file) => `${name}/${file}`);
  expect(paths.filter((path) => !/^dist\/types\/.+\.d\.ts$/.test(path)).sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/THIRD-PARTY-NOTICES',
      'dist/index.js',
      'dist/nettune.1',
      'dist/nettune.cjs',
      'package.json',
      ...whole('profiles'),
      ...whole('schemas'),
    ].sort(),
  );
  expect(paths).toContain('dist/types/src/index.d.ts');
  expect(paths).not.toContain('dist/types/src/main.d.ts'); // no more types than an import can reach
  const notices = readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['ajv', 'commander', 'diff', 'handlebars', 'ipaddr.js', 'tinyglobby', 'yaml'])
    expect(notices).toMatch(new RegExp(`^${name} \\d.* \\(.+\\)\\n\\n.*(Licen[sc]e|Copyright)`, 'im'));
});

it('the package is as large as README.md says, within 5 %', () => {
  const downloaded = statSync(tarball).size / 1e3;
  const sizes = Object.keys(readTree(installed)).map((path) => statSync(join(installed, path)).size);
  const unpacked = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  const readme = readFileSync(join(CHECKOUT, 'README.md'), 'utf8');
  const [, kB, MB] = /(\d+) kB to\sdownload, ([\d.]+) MB on\sdisk/.exec(readme) ?? [];
  const difference = (told: string | undefined, real: number) => Math.abs(Number(told) / real - 1);
  expect(difference(kB, downloaded), `${downloaded.toFixed()} kB to download`).toBeLessThan(0.05);
  expect(difference(MB, unpacked), `${unpacked.toFixed(2)} MB on disk`).toBeLessThan(0.05);
});

it('npm would publish it as it is', async () => {
  // Somebody who is not logged in is warned of that, and no token is needed to see what else there is.
  const login = '--//registry.npmjs.org/:_authToken=none';
  const args = ['publish', '--dry-run', '--ignore-scripts', '--provenance=false', '--offline', login, CHECKOUT];
  const { code, output } = await execute('env', [
    '-i',
    `PATH=${process.env['PATH']}`,
    `HOME=${folder}`,
    'npm',
    ...args,
  ]);
  expect(output).toMatch(/^\+ nettune@/m);
  expect(output).not.toMatch(/^npm (warn|error)/im);
  expect(code).toBe(0);
});

it('publint and arethetypeswrong find nothing', async () => {
  const bytes = new Uint8Array(readFileSync(tarball));
  const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  expect(messages).toEqual([]);
  const analysis = await checkPackage(createPackageFromTarballData(bytes));
  // `require` gives a module, as it does in every version of Node that the package is for; TypeScript 5.6 did not know.
  const isTrue = ({ kind }: { kind: string }) => kind !== 'CJSResolvesToESM';
  expect(analysis).toMatchObject({ types: { kind: 'included' } });
  expect('problems' in analysis && analysis.problems.filter(isTrue)).toEqual([]);
});
