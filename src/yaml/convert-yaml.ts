import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type YAMLMap,
  type Document as YamlDocument,
  type Scalar as YamlScalar,
} from 'yaml';
import type { Document } from '../values/document.ts';
import type { Location, SourceText } from '../values/location.ts';
import type { ListNode, MapEntry, MapNode, Node, Scalar, ScalarNode } from '../values/node.ts';
import { errorAt, type Problem } from '../values/problem.ts';
import { describeTooDeep, MAX_DEPTH } from './nesting.ts';

/** Far more values than any profile has, with every alias written out: an alias bomb ends here. */
const MAX_NODES = 5_000;

/** Turns the parser's tree into ours: aliases written out, every value with its place. The root must be a map. */
export function convertYaml(file: SourceText, yaml: YamlDocument.Parsed): Pick<Document, 'root' | 'problems'> {
  return new Conversion(file, yaml).run();
}

/** Thrown to leave a tree that cannot be a profile's; never leaves this file. */
class Abandoned extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

class Conversion {
  readonly #file: SourceText;
  readonly #yaml: YamlDocument.Parsed;
  readonly #problems: Problem[] = [];
  #nodes = 0;
  /** Anchors seen so far, in the order of the document; the parser's own search walks all of it for each alias. */
  readonly #anchors = new Map<string, unknown>();
  #aliasDepth = 0;

  constructor(file: SourceText, yaml: YamlDocument.Parsed) {
    this.#file = file;
    this.#yaml = yaml;
  }

  run(): Pick<Document, 'root' | 'problems'> {
    try {
      const root = this.#convert(this.#yaml.contents, 0);
      if (root.kind === 'map') return { root, problems: this.#problems };
      const message = `a profile is a map of keys, and this file holds a ${root.kind === 'list' ? 'list' : 'single value'}`;
      this.#problems.push(errorAt(root.location, 'wrong-type', message, 'begin with `name: …`'));
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
      this.#problems.push(error.problem);
    }
    return { root: undefined, problems: this.#problems };
  }

  #convert(node: unknown, depth: number): Node {
    const location = this.#locate(node);
    // By aliases: one may hold itself.
    if (depth > MAX_DEPTH) throw new Abandoned(describeTooDeep(location));
    if (++this.#nodes > MAX_NODES)
      throw new Abandoned(
        errorAt(
          location,
          'too-many-values',
          'the file holds too many values, counting each alias in full',
          'is this a profile?',
        ),
      );
    if (isAlias(node)) return this.#convertAlias(node, location, depth);
    this.#remember(node);
    if (isMap(node)) return this.#convertMap(node, location, depth);
    if (isSeq(node))
      return {
        kind: 'list',
        items: node.items.map((item) => this.#convert(item, depth + 1)),
        location,
      } satisfies ListNode;
    return this.#convertScalar(node, location);
  }

  #convertAlias({ source }: Alias, location: Location, depth: number): Node {
    if (!this.#anchors.has(source)) {
      this.#problems.push(
        errorAt(location, 'unknown-alias', 'there is no anchor of this name above', 'write the value itself'),
      );
      return { kind: 'scalar', value: null, location };
    }
    this.#aliasDepth++;
    const value = this.#convert(this.#anchors.get(source), depth + 1);
    this.#aliasDepth--;
    return value;
  }

  /** An anchor counts from its place in the document on, not from where an alias repeats it. */
  #remember(node: unknown): void {
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(anchor, node);
  }

  #convertMap(map: YAMLMap, location: Location, depth: number): MapNode {
    const entries = new Map<string, MapEntry>();
    for (const pair of map.items) {
      const key = this.#locate(pair.key);
      const name = String((pair.key as YamlScalar).value);
      if (this.#isUsableKey(name, key, entries))
        entries.set(name, { key, value: this.#convertValue(pair.value, key, depth) });
    }
    return { kind: 'map', entries, location };
  }

  /** A key without a value (`host:`) has no node of its own; it stands for null, at the key. */
  #convertValue(value: unknown, key: Location, depth: number): Node {
    const missing = value === null || (isScalar(value) && value.value === null);
    return missing ? { kind: 'scalar', value: null, location: key } : this.#convert(value, depth + 1);
  }

  #isUsableKey(name: string, key: Location, entries: ReadonlyMap<string, MapEntry>): boolean {
    if (name === '<<') {
      this.#problems.push(
        errorAt(
          key,
          'merge-key',
          'a profile has no merge key `<<`',
          'put the shared values into a base, and name it with `extends`',
        ),
      );
    } else if (entries.has(name)) {
      this.#problems.push(
        errorAt(key, 'duplicate-key', 'this key appears twice in the same map', 'keep one of the two'),
      );
    } else return true;
    return false;
  }

  #convertScalar(node: unknown, location: Location): ScalarNode {
    const value = isScalar(node) ? exactly(node) : null;
    const known = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    return { kind: 'scalar', value: known ? (value as Scalar) : String(value), location };
  }

  #locate(node: unknown): Location {
    const [start, end] = (node as { range?: [number, number, number] | null })?.range ?? [0, 0];
    return { file: this.#file, start, end };
  }
}

/** A value, or the text of a number that JavaScript would round. */
function exactly({ value, source }: YamlScalar): unknown {
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(source ?? '');
  return isRounded ? source : value;
}
