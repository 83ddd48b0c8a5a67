import type { Document } from './values/document.ts';
import type { MapEntry, MapNode, Node } from './values/node.ts';

/** Keys that say something about one file, and nothing about a host. */
const OF_THE_FILE = ['schema', 'extends'];

/** Keys that are never taken over from a base. */
const NOT_INHERITED = ['name', ...OF_THE_FILE];

/**
 * One document out of a profile and its bases, the furthest base first. Maps merge, lists and single values replace,
 * and `null` removes what a base has set. Every value keeps the place where it was written.
 */
export function mergeDocuments(chain: readonly Document[]): Document {
  const profile = chain.at(-1) as Document;
  const roots = chain.map(({ root }) => root);
  if (roots.some((root) => root === undefined)) return { name: profile.name, root: undefined, problems: [] };
  const [first, ...others] = roots as MapNode[];
  const merged = others.reduce((base, own) => mergeMaps(without(base, NOT_INHERITED), own), first as MapNode);
  return { name: profile.name, root: dropNulls(without(merged, OF_THE_FILE)), problems: [] };
}

/** What `own` says wins; every value keeps its place. */
export function mergeMaps(base: MapNode, own: MapNode): MapNode {
  const entries = new Map(base.entries);
  for (const [key, entry] of own.entries) entries.set(key, mergeEntries(base.entries.get(key), entry));
  return { ...own, entries };
}

function mergeEntries(base: MapEntry | undefined, own: MapEntry): MapEntry {
  if (base?.value.kind !== 'map' || own.value.kind !== 'map') return own;
  return { key: own.key, value: mergeMaps(base.value, own.value) };
}

export function without(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.includes(key))) };
}

/** Without the keys that `null` removes. */
export function dropNulls<Kind extends Node>(node: Kind): Kind {
  if (node.kind !== 'map') return node;
  const kept = [...node.entries].filter(([, { value }]) => !(value.kind === 'scalar' && value.value === null));
  return {
    ...node,
    entries: new Map(kept.map(([key, { key: at, value }]) => [key, { key: at, value: dropNulls(value) }])),
  };
}
