import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../cli.ts';
import { anchor, anchorOf, code, generatedFrom, page, table } from './markdown.ts';

/** As far as schemas/profile.schema.json uses JSON Schema. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | null)[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly errorMessage?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
}

/** A key by the path of keys to it, as problems and comments name it. */
interface Key {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

const ROOT: Schema & { readonly else: Schema } = JSON.parse(
  readFileSync(join(CHECKOUT, 'schemas/profile.schema.json'), 'utf8'),
);

/** docs/reference/profile.md, from schemas/profile.schema.json. */
export function profilePage(): string {
  const sections = listKeys(ROOT, '');
  return page(
    '# Profile',
    generatedFrom('`schemas/profile.schema.json`'),
    `${ROOT.description} A file of YAML, in the folder \`profiles\`. The shipped profiles are worked examples: [web-server](../../profiles/web-server.yaml), [squid-proxy](../../profiles/squid-proxy.yaml), [nat-gateway](../../profiles/nat-gateway.yaml).`,
    'A profile that [`extends`](#extends) another one says only what differs: maps are merged, lists are replaced, and `null` takes an inherited key away. Each file is checked by itself, and what they say together once more; required is only what they have to say together.',
    table(
      ['key', '', 'what it is'],
      sections.map(({ path, schema, isRequired }) => [
        `[${code(path)}](#${anchorOf(path)})`,
        isRequired ? 'required' : '',
        schema.description ?? '',
      ]),
    ),
    sections.flatMap(describeSection),
  );
}

function listKeys(schema: Schema, prefix: string): Key[] {
  const { required = [] } = prefix === '' ? ROOT.else : (ROOT.else.properties?.[prefix.slice(0, -1)] ?? schema);
  return Object.entries(schema.properties ?? {}).map(([name, each]) => ({
    path: `${prefix}${name}`,
    schema: resolve(each),
    isRequired: required.includes(name),
  }));
}

/** What is said beside a reference comes before what it refers to. */
function resolve({ $ref, ...own }: Schema): Schema {
  return $ref ? { ...ROOT.$defs?.[$ref.split('/').at(-1) ?? ''], ...own } : own;
}

/** A key at the top, and all that it holds. */
function describeSection(key: Key): string[] {
  const { inner, named } = listInner(key);
  return [...describeKey('##', key), ...tabulate(named), ...inner.flatMap(describeInner)];
}

/** A key of a map at the top; what it holds itself is a table. */
function describeInner(key: Key): string[] {
  const { inner, named } = listInner(key);
  return [...describeKey('###', key), ...tabulate([...inner, ...named])];
}

function describeKey(level: string, { path, schema, isRequired }: Key): string[] {
  const facts = [...(isRequired ? ['required'] : []), ...describeValue(schema)];
  const text = [`**${schema.title}**`, schema.description].filter(Boolean).join(': ');
  return [`${level} ${path}`, text, facts.map((fact) => `- ${fact}`).join('\n')];
}

function tabulate(keys: readonly Key[]): string[] {
  const rows = keys.map(({ path, schema, isRequired }) => [
    `${anchor(path)}${code(path)}`,
    isRequired ? 'required' : '',
    [schema.title, schema.description].join(': '),
    describeValue(schema).join('; '),
  ]);
  return rows.length > 0 ? [table(['key', '', 'what it is', 'value'], rows)] : [];
}

/** A map's own keys; and those of each item of a list, written as `outbound[].to`, or below a name of the user's. */
function listInner({ path, schema }: Key): { inner: Key[]; named: Key[] } {
  const items = schema.items ? listKeys(resolve(schema.items), `${path}[].`) : [];
  const values = schema.additionalProperties ? listKeys(resolve(schema.additionalProperties), `${path}.NAME.`) : [];
  return { inner: listKeys(schema, `${path}.`), named: [...items, ...values] };
}

function describeValue(schema: Schema): string[] {
  return [...describeShape(schema), ...describeExamples(schema)];
}

function describeShape(schema: Schema): string[] {
  const { items, minimum, maximum, maxLength, propertyNames } = schema;
  const values = schema.enum?.filter((value) => value !== null);
  const type = [schema.type].flat()[0];
  if (values) return [`one of ${values.map((value, index) => describeChoice(value, schema, index)).join(', ')}`];
  if (items) return [`a list of ${describeItem(resolve(items))}`];
  if (propertyNames) return [`below it, ${shapeOf(propertyNames)}`];
  if (schema.errorMessage) return [shapeOf(schema)];
  if (type === 'boolean') return ['`true` or `false`'];
  if (type === 'object') return [];
  if (minimum !== undefined && minimum === maximum) return [`${minimum}`];
  if (minimum !== undefined)
    return [`${type === 'number' ? 'a number' : 'a whole number'} from ${minimum} to ${maximum}`];
  return [`text${maxLength ? ` of at most ${maxLength} characters` : ''}`];
}

/** A choice, and what it means where that is said. */
function describeChoice(value: string, { enumDescriptions }: Schema, index: number): string {
  const meaning = enumDescriptions?.[index]?.replace(/\.$/, '');
  return meaning === undefined ? code(value) : `${code(value)} (${meaning})`;
}

/** What an editor says is expected. */
function shapeOf({ errorMessage = '' }: Schema): string {
  return errorMessage.replace(/^expected /, '');
}

function describeItem(item: Schema): string {
  if (item.enum) return item.enum.map(String).map(code).join(' and ');
  return item.errorMessage ? `items, each ${shapeOf(item)}` : 'maps with the keys below';
}

function describeExamples(schema: Schema): string[] {
  const { examples, enum: values, type } = schema;
  if (values || [type].flat().some((each) => each === 'boolean' || each === 'object') || !examples) return [];
  const items = examples.map(spell).filter((example) => example !== spell(schema.default));
  return items.length > 0 ? [`for example ${items.join(', ')}`] : [];
}

/** As YAML writes it on one line. */
function spell(value: unknown): string {
  return code(spellValue(value));
}

function spellValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spellValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${spellValue(each)}`)
    .join(', ')} }`;
}
