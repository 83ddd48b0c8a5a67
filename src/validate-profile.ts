import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Profile } from '#generated/profile.ts';
import { PROFILE_SCHEMA } from '#generated/texts.ts';
import { validatePart, validateWhole } from '#generated/validators.js';
import { listHostFaults } from './schema/host-faults.ts';
import { describeSchemaFault, type Schema } from './schema/schema-faults.ts';
import { listValueFaults } from './schema/value-faults.ts';
import type { Document } from './values/document.ts';
import type { Location } from './values/location.ts';
import { locate, type MapNode, nodeAt, toPlain } from './values/node.ts';
import { errorAt, type Problem } from './values/problem.ts';

/** A profile that the schema accepts, with the places its values come from. */
export interface ValidProfile {
  readonly profile: Profile;
  readonly root: MapNode;
}

/** What is wrong with one file of a chain, taken alone: nothing is required in it, and null removes. */
export function validateAlone(document: Document): Problem[] {
  return document.root ? listFaults(document.root, validatePart) : [];
}

/** The merged document of valid parts as a profile, or what it lacks. */
export function validateProfile(document: Document): { valid?: ValidProfile; problems: Problem[] } {
  if (!document.root) return { problems: [] };
  const { root } = document;
  const problems = [...listFaults(root, validateWhole), ...listValueFaults(root), ...listHostFaults(root)];
  return problems.length > 0 ? { problems } : { valid: { profile: toPlain(root) as Profile, root }, problems };
}

function listFaults(root: MapNode, validate: ValidateFunction): Problem[] {
  const plain = toPlain(root);
  if (validate(plain)) return [];
  return (validate.errors ?? []).flatMap((error) => {
    const path = parsePointer(error.instancePath);
    const data = path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], plain);
    const fault = describeSchemaFault({ ...error, schema: schemaAt(path, error.propertyName), data });
    return fault ? [errorAt(placeOf(root, error, fault.key), fault.id, fault.message, fault.remedy)] : [];
  });
}

function placeOf(root: MapNode, error: ErrorObject, key: string | undefined): Location {
  const path = parsePointer(error.instancePath);
  if (key === undefined) return locate(root, path);
  const map = nodeAt(root, path);
  return (map?.kind === 'map' ? map.entries.get(key)?.key : undefined) ?? locate(root, path);
}

/** What the schema says of a value, or of a key: its own words, and those of the definition that it shares. */
function schemaAt(path: readonly string[], propertyName: string | undefined): Schema {
  const schema = path.reduce(
    ({ properties, items, additionalProperties }, step) => resolve(properties?.[step] ?? items ?? additionalProperties),
    PROFILE_SCHEMA as Schema,
  );
  return propertyName === undefined ? schema : (schema['propertyNames'] as Schema);
}

function resolve({ $ref, ...own }: Schema): Schema {
  const name = $ref?.replace('#/$defs/', '') as keyof typeof PROFILE_SCHEMA.$defs | undefined;
  return name ? { ...PROFILE_SCHEMA.$defs[name], ...own } : own;
}

/** A JSON pointer's steps. */
function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}
