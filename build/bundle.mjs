// Makes dist/: the program in one file with its manual, and the library with its types.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';
import * as esbuild from 'esbuild';
import { readJson } from './read-json.mjs';

export async function bundle() {
  const [program, library] = await Promise.all([bundleProgram(), bundleLibrary(), declareLibrary(), writeManual()]);
  await writeFile('dist/THIRD-PARTY-NOTICES', await collectLicences([...program, ...library]));
}

/** Comes first, and in words that any Node knows. Debian 12 and Ubuntu 24.04 ship the oldest Node that will do. */
const REFUSAL = `(function (version) {
  var parts = version.split('.');
  if (parts[0] > 18 || (parts[0] === '18' && parts[1] >= 19)) return;
  console.error('error: nettune needs Node 18.19 or newer, and this is ' + version + '. Install a newer Node, or run nettune on another machine: the hosts that it is for need no Node.');
  process.exit(2);
})(process.versions.node);`;

/** One CommonJS file: Node starts it as fast as any, and a user needs nothing beside it. The answer: what went into it. */
async function bundleProgram() {
  const { metafile } = await esbuild.build({
    entryPoints: ['src/main.ts'],
    bundle: true,
    platform: 'node',
    target: 'node10', // an older Node than we need has to read the file, or it could not say what is wrong
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true, // names stay: they are what a bug report shows
    banner: { js: `#!/usr/bin/env node\n${REFUSAL}` },
    // A dependency makes a `require` of its own from it, which is of no use in a bundle but has to succeed.
    define: { 'import.meta.url': '__filename' },
    legalComments: 'none',
    metafile: true,
    outfile: 'dist/nettune.cjs',
  });
  return Object.keys(metafile.inputs);
}

/**
 * One module that a browser can import too: here an import of a Node module is an error. Whoever serves it to one makes it
 * smaller. The answer: what went into it.
 */
async function bundleLibrary() {
  const { metafile } = await esbuild.build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    legalComments: 'none',
    metafile: true,
    outfile: 'dist/index.js',
  });
  return Object.keys(metafile.inputs);
}

/** Of the types that TypeScript derives, those that the library's lead to, with imports that every resolution follows. */
async function declareLibrary() {
  for (const folder of ['generated/types', 'dist/types']) await rm(folder, { recursive: true, force: true });
  execFileSync('node_modules/.bin/tsc', ['--project', 'tsconfig.types.json'], { stdio: 'inherit' });
  const paths = new Set(['src/index.d.ts']);
  for (const path of paths) {
    const text = await readFile(`generated/types/${path}`, 'utf8');
    const declared = text.replace(/(?<= from ')(.+)\.ts(?=';)/g, (_, specifier) => {
      const target = specifier.replace(/^#/, '').replace(/^\./, `${dirname(path)}/.`);
      paths.add(join(`${target}.d.ts`));
      return `${relative(dirname(path), target).replace(/^(?!\.)/, './')}.js`;
    });
    await mkdir(`dist/types/${dirname(path)}`, { recursive: true });
    await writeFile(`dist/types/${path}`, declared);
  }
}

/** The manual page says what the definitions of commands say, so they are asked. */
async function writeManual() {
  const outfile = 'generated/manual.cjs';
  await esbuild.build({
    entryPoints: ['src/usage/format-manual.ts'],
    bundle: true,
    platform: 'node',
    banner: { js: '// @ts-nocheck' },
    outfile,
  });
  const { formatManual } = await import(`../${outfile}`);
  await writeFile('dist/nettune.1', await formatManual());
}

/** The licence of every package whose code is in the bundle, which those licences ask for. */
async function collectLicences(/** @type {string[]} */ inputs) {
  const packages = new Set(
    inputs.concat(VALIDATOR_PACKAGES).flatMap((path) => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const notices = [...packages].sort().map(async (folder) => {
    const { name, version, license } = await readJson(`${folder}/package.json`);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${folder} has no licence file`);
    return `${name} ${version} (${license})\n\n${(await readFile(`${folder}/${file}`, 'utf8')).trim()}\n`;
  });
  return (await Promise.all(notices)).join(`\n${'-'.repeat(72)}\n\n`);
}

/** Compiled into generated/validators.js before the program is bundled. */
const VALIDATOR_PACKAGES = ['node_modules/ajv'];
