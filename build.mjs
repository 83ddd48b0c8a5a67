// Builds generated/ (what is derived from schemas, templates and profiles) and dist/ (the program in one file with its
// manual, and the library with its types).
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import * as esbuild from 'esbuild';
import Handlebars from 'handlebars';
import { compile as compileTypes } from 'json-schema-to-typescript';

/** Keywords that mean something to editors, and to our own messages. */
const EDITORS_WORDS = ['errorMessage', 'defaultSnippets', 'enumDescriptions'];

/** @typedef {any} Schema a JSON schema, or a part of one */

const readJson = async (/** @type {string} */ path) => JSON.parse(await readFile(path, 'utf8'));

async function build() {
  for (const folder of ['generated', 'dist']) {
    await mkdir(folder, { recursive: true }); // not removed first: the program may be running
  }
  const schema = describeMerged(await readJson('schemas/profile.schema.json'));
  await Promise.all([
    generateTypes(schema),
    generateValidators(schema),
    generateTemplates(),
    generateTexts(schema),
    generateSchemas(),
  ]);
  const [program, library] = await Promise.all([bundleProgram(), bundleLibrary(), declareLibrary(), writeManual()]);
  await writeFile('dist/THIRD-PARTY-NOTICES', await collectLicences([...program, ...library]));
}

/**
 * The schema of a profile that is merged with its bases. The published one is for a file, as an editor shows it: there, only
 * one without a base has to say everything, and null takes away what a base says.
 * @type {(schema: Schema) => Schema}
 */
function describeMerged({ if: _, else: withoutBase, ...schema }) {
  return addRequired(withoutNull(schema), withoutBase);
}

/** @type {(schema: Schema) => Schema} */
function withoutNull(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if ((key !== 'type' && key !== 'enum') || !Array.isArray(value)) return value;
    const left = value.filter((each) => each !== null && each !== 'null');
    return key === 'type' && left.length === 1 ? left[0] : left;
  });
}

/** @type {(schema: Schema, more: Schema) => Schema} */
function addRequired(schema, { required, properties = {} }) {
  if (!required) return schema;
  const inner = mapValues(properties, (more, key) => addRequired(schema.properties[key], more));
  return { ...schema, required, properties: { ...schema.properties, ...inner } };
}

async function generateTypes(/** @type {Schema} */ schema) {
  const options = {
    bannerComment: '/** Generated from schemas/profile.schema.json. */',
    format: false,
    ignoreMinAndMaxItems: true,
  };
  await writeFile('generated/profile.ts', await compileTypes(structuredClone(schema), 'Profile', options));
}

/**
 * Two validators that share the work: of one file of a chain, in which nothing is required and null removes, and of the
 * merged profile, which consists of valid parts and can only lack something.
 */
async function generateValidators(/** @type {Schema} */ schema) {
  const part = { ...asPart(schema), $id: schema.$id.replace('.schema', '.part.schema') };
  const whole = { ...asSkeleton(schema), $id: schema.$id.replace('.schema', '.whole.schema') };
  const ajv = new Ajv2020({
    allErrors: true,
    messages: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(EDITORS_WORDS);
  ajv.addSchema(whole, 'validateWhole').addSchema(part, 'validatePart');
  const code = standaloneCode.default(ajv, { validateWhole: 'validateWhole', validatePart: 'validatePart' });
  await esbuild.build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    minifyWhitespace: true,
    banner: { js: '// @ts-nocheck' },
    outfile: 'generated/validators.js',
  });
  await writeFile(
    'generated/validators.d.ts',
    [
      "import type { ValidateFunction } from 'ajv';",
      "import type { Profile } from './profile.ts';",
      'export declare const validateWhole: ValidateFunction<Profile>;',
      'export declare const validatePart: ValidateFunction;',
      '',
    ].join('\n'),
  );
}

/** The schema for one file of a chain: no key is required, and any key may be null. */
function asPart(/** @type {Schema} */ schema) {
  const { required, ...part } = schema;
  if (part.properties) part.properties = mapValues(part.properties, (property) => nullable(asPart(property)));
  if (part.$defs) part.$defs = mapValues(part.$defs, (definition) => nullable(asPart(definition)));
  if (typeof part.additionalProperties === 'object')
    part.additionalProperties = nullable(asPart(part.additionalProperties));
  return part;
}

/** What a schema requires, and nothing else of it. */
/** @returns {Schema} */
function asSkeleton(/** @type {Schema} */ { type, required, properties, additionalProperties, items }) {
  return {
    ...(type ? { type } : {}),
    ...(required ? { required } : {}),
    ...(properties ? { properties: mapValues(properties, asSkeleton) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: asSkeleton(additionalProperties) } : {}),
    ...(items ? { items: asSkeleton(items) } : {}),
  };
}

function nullable(/** @type {Schema} */ schema) {
  const widened = { ...schema };
  if (schema.type) widened.type = [schema.type, 'null'].flat();
  if (schema.enum) widened.enum = [...schema.enum, null];
  return widened;
}

/** @type {(map: Schema, change: (value: Schema, key: string) => Schema) => Schema} */
const mapValues = (map, change) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

/** Only `each` is known: a template that wants to decide does not compile. */
const TEMPLATE_OPTIONS = {
  strict: true,
  noEscape: true,
  preventIndent: true,
  knownHelpersOnly: true,
  knownHelpers: { each: true, if: false, unless: false, with: false, log: false, lookup: false },
};

async function generateTemplates() {
  const files = (await readdir('templates', { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const rows = files.map(async (file) => {
    const path = `${file.parentPath}/${file.name}`;
    const name = path.slice('templates/'.length);
    const text = await readFile(path, 'utf8');
    if (!name.endsWith('.hbs')) return { name, compiled: JSON.stringify(text), isTemplate: false };
    const compiled = Handlebars.precompile(text, TEMPLATE_OPTIONS);
    return { name: name.slice(0, -'.hbs'.length), compiled: String(compiled), isTemplate: true };
  });
  const sorted = (await Promise.all(rows)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const table = (/** @type {boolean} */ isTemplate) =>
    sorted
      .filter((row) => row.isTemplate === isTemplate)
      .map((row) => `  ${JSON.stringify(row.name)}: ${row.compiled},\n`)
      .join('');
  await writeFile(
    'generated/templates.js',
    `// @ts-nocheck\nexport const templates = {\n${table(true)}};\nexport const texts = {\n${table(false)}};\n`,
  );
  await writeFile(
    'generated/templates.d.ts',
    'export declare const templates: Readonly<Record<string, TemplateSpecification>>;\nexport declare const texts: Readonly<Record<string, string>>;\n',
  );
}

/** What the program does not read of its schema at every start; no key of a profile is called so. */
const ONLY_FOR_PEOPLE = ['title', 'description', 'defaultSnippets', 'enumDescriptions'];

/** The shipped profiles travel inside the program, so that `extends: web-server` needs no file. */
async function generateTexts(/** @type {Schema} */ schema) {
  const names = (await readdir('profiles')).filter((name) => name.endsWith('.yaml')).sort();
  const rows = await Promise.all(
    names.map(async (name) => [name.replace('.yaml', ''), await readFile(`profiles/${name}`, 'utf8')]),
  );
  const { version, repository } = await readJson('package.json');
  const page = repository.url.replace(/^git\+|\.git$/g, '');
  const forProgram = JSON.stringify(schema, (key, value) => (ONLY_FOR_PEOPLE.includes(key) ? undefined : value));
  await writeFile(
    'generated/texts.ts',
    `export const VERSION = ${JSON.stringify(version)};\n` +
      `export const REPOSITORY = ${JSON.stringify(page)};\n` +
      `export const PROFILE_SCHEMA = ${forProgram};\n` +
      `export const SHIPPED_PROFILES: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(rows), null, 2)};\n`,
  );
}

/** A file in schemas/ is a row: what `nettune schema` prints, byte for byte. That of profiles comes first. */
async function generateSchemas() {
  const names = (await readdir('schemas')).map((file) => file.replace('.schema.json', '')).sort();
  const sorted = ['profile', ...names.filter((name) => name !== 'profile')];
  const rows = await Promise.all(
    sorted.map(async (name) => [name, await readFile(`schemas/${name}.schema.json`, 'utf8')]),
  );
  await writeFile(
    'generated/schemas.ts',
    `export const SCHEMAS: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(rows), null, 2)};\n`,
  );
}

/** One CommonJS file: Node starts it as fast as any, and a user needs nothing beside it. The answer: what went into it. */
async function bundleProgram() {
  const { metafile } = await esbuild.build({
    entryPoints: ['src/main.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true, // names stay: they are what a bug report shows
    banner: { js: '#!/usr/bin/env node' },
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
  const { formatManual } = await import(`./${outfile}`);
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

await build();
