import type { Location } from './location.ts';
import type { MapNode } from './node.ts';
import type { Problem } from './problem.ts';

/** What a profile file says, before anybody asked whether it makes sense. */
export interface Document {
  /** The file's name. */
  readonly name: string;
  /** Undefined when the file could not be read as a map; `problems` then says why. */
  readonly root: MapNode | undefined;
  readonly problems: readonly Problem[];
}

/** Where a profile names its base, or else where it begins: the place for what it does not say itself. */
export function placeOfBase({ name, root }: Document): Location {
  const base = root?.entries.get('extends')?.value.location;
  if (base || !root) return base ?? { file: { name, text: '', quotable: false }, start: 0, end: 0 };
  return { ...root.location, end: root.location.start };
}
