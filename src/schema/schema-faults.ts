import { quote } from '../text/printable.ts';
import { suggest } from '../text/suggest.ts';
import { respell } from './respell.ts';

/** A fault against the schema in a user's words. */
interface SchemaFault {
  readonly id: string;
  readonly message: string;
  readonly remedy: string;
  /** The key at fault, when it is a key and not a value. */
  readonly key?: string;
}

/** What the validator says of a fault: the schema around the keyword, and the value that it does not like. */
export interface Violation {
  readonly keyword: string;
  // biome-ignore lint/suspicious/noExplicitAny: its shape depends on the keyword
  readonly params: any;
  readonly schema: Schema;
  readonly data: unknown;
  /** The key, when its name is at fault. */
  readonly propertyName?: string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: any keyword may stand in a schema
export type Schema = Readonly<Record<string, any>>;

type Describe = (violation: Violation) => SchemaFault;

/** One row for each keyword of the schema. */
const SCHEMA_FAULTS: Readonly<Record<string, Describe>> = {
  additionalProperties: ({ params, schema }) => ({
    id: 'unknown-key',
    message: `there is no key ${quote(params.additionalProperty)} here`,
    remedy: suggest(params.additionalProperty, Object.keys(schema['properties'] ?? {}), 'the keys here are'),
    key: params.additionalProperty,
  }),
  required: ({ params }) => ({
    id: 'missing-key',
    message: `the key ${quote(params.missingProperty)} is missing`,
    remedy:
      params.missingProperty === 'name'
        ? 'add `name:`, by which its files are called; no base gives one'
        : `add \`${params.missingProperty}:\`, or extend a profile that has it`,
  }),
  type: ({ data, schema, params }) =>
    tooLong(data, schema) ?? {
      id: 'wrong-type',
      message: `expected ${shapeOf(schema, params.type)}, found ${isUnquoted(data, params.type) ? 'a number' : describeData(data)}`,
      remedy: isUnquoted(data, params.type)
        ? 'put it in quotes, as it is written here: without them it is a number, and 6.10 is read as 6.1'
        : exampleOf(schema, data),
    },
  enum: ({ data, params }) => ({
    id: 'unknown-value',
    message: `${typeof data === 'string' ? quote(data) : describeData(data)} is not known here`,
    remedy: suggest(typeof data === 'string' ? data : '', params.allowedValues.filter(Boolean), 'valid values are'),
  }),
  pattern: ({ data, schema, propertyName }) =>
    isOtherwiseRight(data, schema)
      ? outOfRange(data, /^0/.test(data) ? 'write one that is larger than 0' : 'write a smaller one')
      : {
          id: 'wrong-shape',
          message: `${quote(propertyName ?? data)} is not ${shapeOf(schema, 'text')}`,
          remedy: exampleOf(schema, propertyName ?? data),
          ...(propertyName === undefined ? {} : { key: propertyName }),
        },
  minimum: ({ data, params }) => outOfRange(data, `the smallest value here is ${params.limit}`),
  maximum: ({ data, params }) => outOfRange(data, `the largest value here is ${params.limit}`),
  minLength: () => ({ id: 'wrong-length', message: 'the text is empty', remedy: 'write something, or remove the key' }),
  maxLength: ({ params, propertyName }) => ({
    id: 'wrong-length',
    message: `this is longer than ${params.limit} characters`,
    remedy: 'shorten it',
    ...(propertyName === undefined ? {} : { key: propertyName }),
  }),
  minItems: () => ({ id: 'wrong-length', message: 'the list is empty', remedy: 'add an item, or remove the key' }),
  maxItems: ({ params }) => ({
    id: 'wrong-length',
    message: `the list has more than ${params.limit} items`,
    remedy: 'shorten it',
  }),
  maxProperties: ({ params }) => ({
    id: 'wrong-length',
    message: `there are more than ${params.limit} keys here`,
    remedy: 'remove some',
  }),
};

/** Undefined for a keyword that only wraps others. */
export function describeSchemaFault(violation: Violation): SchemaFault | undefined {
  return SCHEMA_FAULTS[violation.keyword]?.(violation);
}

/** A size or a duration but for its number, which is 0 or has too many digits. */
function isOtherwiseRight(data: unknown, { pattern }: Schema): data is string {
  return (
    typeof data === 'string' &&
    /^(0+|[1-9]\d+)[A-Za-z]+$/.test(data) &&
    new RegExp(pattern).test(data.replace(/^\d+/, '1'))
  );
}

/** A text that looks like a fraction, and has lost its last zeros. */
function isUnquoted(data: unknown, types: string | readonly string[]): boolean {
  return (
    typeof data === 'number' && !Number.isInteger(data) && ![types].flat().some((type) => /number|integer/.test(type))
  );
}

function outOfRange(data: unknown, remedy: string): SchemaFault {
  return { id: 'out-of-range', message: `${quote(data)} is out of range`, remedy };
}

/** A number that JavaScript would round comes as its text. */
function tooLong(data: unknown, { minimum, maximum }: Schema): SchemaFault | undefined {
  if (typeof data !== 'string' || !/^[+-]?\d{16,}$/.test(data) || maximum === undefined) return undefined;
  const [which, limit] = data.startsWith('-') ? ['smallest', minimum] : ['largest', maximum];
  return outOfRange(data, `the ${which} value here is ${limit}`);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map of keys',
  array: 'a list',
};

function shapeOf(schema: Schema, types: string | readonly string[]): string {
  const wanted = [types].flat().filter((type) => type !== 'null');
  const shape: string | undefined = schema['errorMessage']?.replace(/^expected /, ''); // the whole is what editors say
  return shape ?? wanted.map((type) => TYPE_NAMES[type] ?? type).join(' or ');
}

/** What was likely meant by the value; otherwise any good one. */
function exampleOf(schema: Schema, data: unknown): string {
  if (schema['type'] === 'boolean') return 'write `true` or `false`; yes, no, on and off are text';
  const keys = Object.keys(schema['properties'] ?? {}).map((key) => `\`${key}: …\``);
  const isMap = ![schema['type']].flat().some((type) => type === 'integer' || type === 'string');
  if (isMap && keys.length > 0) return `write ${keys.join(', ')}`;
  const meant = respell(data, schema);
  const isNumber = typeof meant === 'number' && String(meant) === data;
  if (meant !== undefined && isQuotedWhole(meant))
    return `write ${quote(writeYaml(meant))}${isNumber ? ', without quotes' : ''}`;
  const example = schema['examples']?.[0];
  if (example === undefined) return `write ${shapeOf(schema, schema['type'] ?? 'text')}`;
  return `write, for example, ${quote(writeYaml(example))}`;
}

/** Half a list is no proposal. */
function isQuotedWhole(value: unknown): boolean {
  return quote(writeYaml(value)) === `\`${writeYaml(value)}\``;
}

/** A text that would be read as a number is put in quotes. */
function writeYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeYaml).join(', ')}]`;
  return typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value);
}

function describeData(data: unknown): string {
  if (Array.isArray(data)) return 'a list';
  if (data === null) return 'nothing';
  if (typeof data === 'object') return 'a map of keys';
  return typeof data === 'string' ? `the text ${quote(data)}` : quote(data);
}
