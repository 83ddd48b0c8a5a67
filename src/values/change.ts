import type { Artifact } from './artifact.ts';

/** An artifact against what is on disk. A stale file has no artifact any more. */
export type Change =
  | { readonly kind: 'create'; readonly path: string; readonly artifact: Artifact }
  | { readonly kind: 'update'; readonly path: string; readonly artifact: Artifact; readonly current: ExistingFile }
  | { readonly kind: 'same'; readonly path: string; readonly artifact: Artifact }
  | { readonly kind: 'stale'; readonly path: string; readonly current: ExistingFile };

/** A file below the output folder as it was found. */
export interface ExistingFile {
  readonly path: string;
  readonly mode: number;
  /** Undefined for what is no regular file (a link, a folder in a file's place) or too large to be ours. */
  readonly content: string | undefined;
}
