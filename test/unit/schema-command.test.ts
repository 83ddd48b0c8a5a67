import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveBaseFile } from '../../src/edge/resolve-base.ts';
import { compile } from '../../src/pipeline.ts';
import type { Plan } from '../../src/values/plan.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { callNettune } from '../support/call-nettune.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { listFields, type SchemaField, type SchemaPart } from '../support/schema-fields.ts';
import { ajv, faultsOf, faultsOfPart, readSchema } from '../support/schemas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const FILES = readdirSync(join(CHECKOUT, 'schemas'));
const NAMES = FILES.map((file) => file.replace('.schema.json', ''));

describe('nettune schema', () => {
  it.each(NAMES)('%s is the file that is shipped, and a schema by the rules of draft 2020-12', async (name) => {
    expect(await callNettune(['schema', name])).toEqual({ code: 0, stdout: readSchema(name), stderr: '' });
    const schema = JSON.parse(readSchema(name));
    expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
    expect(schema.$id).toBe(`https://nettune.dev/schemas/${name}.schema.json`);
    expect(schema).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    expect(listFields(schema).filter(({ description }) => !description)).toEqual([]);
  });

  it('is about profiles when nobody says which', async () => {
    expect(await callNettune(['schema'])).toEqual({ code: 0, stdout: readSchema('profile'), stderr: '' });
  });

  it('lists all of them in its help, and suggests one for a name that none has', async () => {
    const { stdout } = await callNettune(['schema', '--help']);
    for (const name of NAMES) expect(stdout).toContain(name);
    expect(await callNettune(['schema', 'paln'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: there is no schema `paln`: did you mean `plan`?\n',
    });
    expect(await callNettune(['schema', '__proto__'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('every key of a profile has words', () => {
  const schema = JSON.parse(readSchema('profile'));
  const fields = listFields(schema);

  /** Keys that a profile, or the map that they are in, cannot do without. */
  const REQUIRED =
    /^(name|role|host|host\.distribution|host\.memory|.*\[\]\.(port|toPort|connectionsPerSecond|value|check))$|^allow\[\]\.because$/;

  const isMap = ({ type }: SchemaPart) => [type].flat().includes('object');

  /** A number, a size or a duration. */
  const isMeasured = ({ type, items, path }: SchemaField) =>
    [type].flat().some((each) => each === 'integer' || each === 'number') ||
    /MiB|seconds/.test(String(fieldsByPath.get(path)?.pattern)) ||
    [items?.type].flat().includes('integer');

  const fieldsByPath = new Map(fields.map((field) => [field.path, field as SchemaField & { pattern?: string }]));

  it('a title, and a description that is a sentence', () => {
    for (const { path, title, description } of fields) {
      expect(title, path).toMatch(/^[A-Z]/);
      expect(description, path).toMatch(/^[\s\S]+[.]$/);
    }
  });

  it('examples, all of which the schema accepts; a map may have keys instead', () => {
    for (const { path, ...field } of fields) {
      if (!isMap(field)) expect(field.examples?.length, path).toBeGreaterThan(0);
      for (const example of field.examples ?? [])
        expect({ path, example, faults: faultsOfPart(field, schema, example) }).toEqual({ path, example, faults: [] });
    }
  });

  it('a unit, for everything that is measured or counted', () => {
    const measured = fields.filter(isMeasured);
    expect(measured.length).toBeGreaterThan(25);
    for (const { path, description } of measured) expect(description, path).toMatch(/ Unit: [^.]/);
  });

  it('a default, or else it is required', () => {
    for (const field of fields.filter((each) => !isMap(each) && !REQUIRED.test(each.path))) {
      expect(field.description, field.path).toMatch(/ Default: [^.]/);
      const said = [field.default ?? []].flat().join(', ') || 'none';
      if (field.default !== undefined) expect(field.description, field.path).toContain(`Default: ${said}`);
    }
  });
});

describe('a schema describes what nettune makes of', () => {
  const goldens = readdirSync(join(CHECKOUT, 'test/golden'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`test/golden/${entry.name}/profile.yaml`] : [],
  );
  const asJson = (plan: Plan) => JSON.parse(JSON.stringify(plan));

  it.each(goldens)('%s', (path) => {
    const file = join(CHECKOUT, path);
    const source = { name: path, identity: file, isNamed: true, bytes: readFileSync(file) };
    const plans = compile([source], resolveBaseFile).compiled.map(({ plan }) => asJson(plan));
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(faultsOf('plan', plan)).toEqual([]);
      expect(faultsOf('profile', plan.profile)).toEqual([]);
    }
  });

  it('all of them, explained', async () => {
    const { stdout } = await callNettune(['explain', 'test/golden/*/profile.yaml', '--format', 'json']);
    const explained = JSON.parse(stdout);
    expect(explained.profiles.length).toBeGreaterThan(20);
    expect(faultsOf('explain', explained)).toEqual([]);
  });

  it('any profile', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        for (const { plan } of compileProfile(profile).compiled) {
          expect(faultsOf('plan', asJson(plan))).toEqual([]);
          expect(faultsOf('profile', asJson(plan).profile)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('and of nothing else', () => {
    for (const name of NAMES) expect(faultsOf(name, { name: 'x', of: 'something else' })).not.toEqual([]);
  });
});

describe('the version of the language of profiles', () => {
  const render = (files: Record<string, string>) =>
    callNettune(['render', 'shop.yaml', '--stdout'], { cwd: temporaryFolder(files) });

  it('changes no byte of what is made, whichever file says it', async () => {
    const plain = await render({
      'shop.yaml': 'name: shop\nextends: ./base.yaml\n',
      'base.yaml': 'extends: web-server\n',
    });
    const said = await render({
      'shop.yaml': 'schema: 1\nname: shop\nextends: ./base.yaml\n',
      'base.yaml': 'extends: web-server\nschema: 1\n',
    });
    expect(plain.code).toBe(0);
    expect(said).toEqual(plain);
  });

  it('is no part of the plan', () => {
    const [compiled] = compileProfile({
      schema: 1,
      name: 'shop',
      role: 'web-server',
      host: { distribution: 'debian-12', memory: '16GiB' },
    }).compiled;
    expect(compiled?.plan.profile).not.toHaveProperty('schema');
  });

  it('that is to come stands for every other problem of the file', () => {
    const { code, stdout } = nettune(['validate', '-'], { input: 'schema: 2\nfuture: [1]\nname: 3\nextends: 4\n' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^<stdin>:1:9: error: this file is written for a later version .* knows version 1 /);
    expect(stdout).toMatch(/\n1 profile: 1 error\n$/);
  });
});
