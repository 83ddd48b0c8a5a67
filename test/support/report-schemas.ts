import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { CHECKOUT } from './cli.ts';
import { ajv, validatorOf } from './schemas.ts';

/** Relative references included, as RFC 3986 has them. */
const URI_REFERENCE = /^(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/;

/** Every format of problems that is JSON, with the schema of those who read it. */
export const REPORT_SCHEMAS: Readonly<Record<string, ValidateFunction>> = {
  gitlab: ajv.compile(JSON.parse(readFileSync(join(CHECKOUT, 'test/support/code-quality.schema.json'), 'utf8'))),
  sarif: compileSarif(),
  json: validatorOf('problems'),
};

/** The official schema, as Microsoft's matchers for Jest carry it. It is of draft 4, and uses nothing that later ones changed. */
function compileSarif(): ValidateFunction {
  const { $schema, id, ...schema } = sarifSchema;
  const formats = { uri: /^[a-z][a-z0-9+.-]*:/i, 'uri-reference': URI_REFERENCE, 'date-time': true } as const;
  return new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, formats }).compile(schema);
}
