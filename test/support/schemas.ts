import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { CHECKOUT } from './cli.ts';
import type { SchemaPart } from './schema-fields.ts';

/** By the rules of draft 2020-12, and with what editors read besides. */
export const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
ajv.addVocabulary(['errorMessage', 'defaultSnippets', 'enumDescriptions']);

/** The text of a schema that is shipped. */
export function readSchema(name: string): string {
  return readFileSync(join(CHECKOUT, `schemas/${name}.schema.json`), 'utf8');
}

/** A schema that is shipped; it is compiled once, since no two can have the same `$id`. */
export function validatorOf(name: string): ValidateFunction {
  const schema = JSON.parse(readSchema(name));
  return ajv.getSchema(schema.$id) ?? ajv.compile(schema);
}

/** What a schema that is shipped has against a value; nothing, if it accepts it. */
export function faultsOf(name: string, value: unknown): readonly ErrorObject[] {
  return faultsBy(validatorOf(name), value);
}

/** What a part of a schema, in which references are those of the whole one, has against a value. */
export function faultsOfPart(part: SchemaPart, { $defs }: SchemaPart, value: unknown): readonly ErrorObject[] {
  return faultsBy(ajv.compile({ ...part, $defs }), value);
}

function faultsBy(validate: ValidateFunction, value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}
