/** A part of a JSON schema. */
export interface SchemaPart {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaPart>>;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly items?: SchemaPart;
  readonly additionalProperties?: boolean | SchemaPart;
}

/** A key that a schema knows, with what its `$ref` adds, as an editor sees it. */
export interface SchemaField extends SchemaPart {
  readonly path: string;
}

/** Every key of a schema, however deep it lies. */
export function listFields(root: SchemaPart): SchemaField[] {
  const resolve = (part: SchemaPart): SchemaPart => ({ ...root.$defs?.[part.$ref?.split('/').at(-1) ?? ''], ...part });
  const below = (part: SchemaPart, path: string, seen: readonly string[]): SchemaField[] => {
    if (part.$ref && seen.includes(part.$ref)) return [];
    const whole = resolve(part);
    const trail = part.$ref ? [...seen, part.$ref] : seen;
    const own = Object.entries(whole.properties ?? {}).flatMap(([key, value]) => {
      const place = path === '' ? key : `${path}.${key}`;
      return [{ ...resolve(value), path: place }, ...below(value, place, trail)];
    });
    const others = [whole.items, whole.additionalProperties].flatMap((inner) =>
      typeof inner === 'object' ? below(inner, `${path}[]`, trail) : [],
    );
    return [...own, ...others];
  };
  return below(root, '', []);
}
