// What is made of the schema of profiles before validators are compiled of it.

/** @typedef {any} Schema a JSON schema, or a part of one */

/**
 * The schema of a profile that is merged with its bases. The published one is for a file, as an editor shows it: there, only
 * one without a base has to say everything, and null takes away what a base says.
 * @type {(schema: Schema) => Schema}
 */
export function describeMerged({ if: _, else: withoutBase, ...schema }) {
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

/** The schema for one file of a chain: no key is required, and any key may be null. */
export function asPart(/** @type {Schema} */ schema) {
  const { required, ...part } = schema;
  if (part.properties) part.properties = mapValues(part.properties, (property) => nullable(asPart(property)));
  if (part.$defs) part.$defs = mapValues(part.$defs, (definition) => nullable(asPart(definition)));
  if (typeof part.additionalProperties === 'object')
    part.additionalProperties = nullable(asPart(part.additionalProperties));
  return part;
}

/** What a schema requires, and nothing else of it. */
/** @returns {Schema} */
export function asSkeleton(/** @type {Schema} */ { type, required, properties, additionalProperties, items }) {
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
