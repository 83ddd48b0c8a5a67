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
