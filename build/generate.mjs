// Makes generated/: what the program imports, of schemas, templates and profiles.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import * as esbuild from 'esbuild';
import Handlebars from 'handlebars';
import { compile as compileTypes } from 'json-schema-to-typescript';
import { asPart, asSkeleton, describeMerged } from './derive-schemas.mjs';
import { joinHost } from './join-host.mjs';
import { readJson } from './read-json.mjs';

/** @typedef {import('./derive-schemas.mjs').Schema} Schema */

/** Keywords that mean something to editors, and to our own messages. */
const EDITORS_WORDS = ['errorMessage', 'defaultSnippets', 'enumDescriptions'];

export async function generate() {
  const schema = describeMerged(await readJson('schemas/profile.schema.json'));
  await Promise.all([
    generateTypes(schema),
    generateValidators(schema),
    generateTemplates(),
    generateTexts(schema),
    generateHost(),
    generateSchemas(),
  ]);
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

/** Only `each` is known: a template that wants to decide does not compile. */
const TEMPLATE_OPTIONS = {
  strict: true,
  noEscape: true,
  preventIndent: true,
  knownHelpersOnly: true,
  knownHelpers: { each: true, if: false, unless: false, with: false, log: false, lookup: false },
};

async function generateTemplates() {
  const files = (await readdir('templates', { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && (entry.name.endsWith('.hbs') || !`${entry.parentPath}/`.startsWith('templates/host/')),
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

/** What runs on hosts; the same bytes for every profile. */
async function generateHost() {
  const { version } = await readJson('package.json');
  const program = await joinHost(version, await listSettable());
  await writeFile('generated/host.ts', `export const HOST_PROGRAM = ${JSON.stringify(program)};\n`);
}

/** Names of the catalogue that are not below net. */
async function listSettable() {
  const { outputFiles } = await esbuild.build({
    entryPoints: ['src/parameters/parameters.ts'],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  /** @type {typeof import('../src/parameters/parameters.ts')} */
  const { PARAMETERS } = await import(`data:text/javascript;base64,${code}`);
  return PARAMETERS.filter(({ kind, name }) => kind === 'sysctl' && !name.startsWith('net.')).map(({ name }) => name);
}
