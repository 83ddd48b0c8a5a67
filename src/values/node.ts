import type { Location } from './location.ts';

/** A value of a profile together with the place it was written at. */
export type Node = ScalarNode | ListNode | MapNode;

export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly location: Location;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly location: Location;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly location: Location;
}

export interface MapEntry {
  readonly key: Location;
  readonly value: Node;
}

/** A key path as a user writes it down; an index stands for a list item. */
export type Path = readonly (string | number)[];

/** The plain value of a node. Maps have no prototype: a key such as `__proto__` is a key like any other. */
export function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of node.entries) plain[key] = toPlain(entry.value);
  return plain;
}

/** The value at `path`; undefined when there is none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>(childOf, root);
}

function childOf(node: Node | undefined, step: string | number): Node | undefined {
  if (node?.kind === 'list') return node.items[Number(step)];
  return node?.kind === 'map' ? node.entries.get(String(step))?.value : undefined;
}

/**
 * Where the value at `path` was written, or the closest value around it that exists. A value found under a key is
 * located with its key, so that the caret shows both.
 */
export function locate(root: Node, path: Path): Location {
  const [step, ...rest] = path;
  if (step === undefined) return root.location;
  if (root.kind === 'list') {
    const item = root.items[Number(step)];
    return item ? locate(item, rest) : root.location;
  }
  const entry = root.kind === 'map' ? root.entries.get(String(step)) : undefined;
  if (!entry) return root.location;
  const inside = rest.length > 0 ? locate(entry.value, rest) : entry.value.location;
  return inside === entry.value.location && entry.value.kind !== 'scalar' ? entry.key : inside;
}
