import { OUTPUTS } from './outputs/outputs.ts';
import { originOf } from './text/header.ts';
import type { Artifact } from './values/artifact.ts';
import type { Change, ExistingFile } from './values/change.ts';
import { withoutMachine } from './values/machine-folder.ts';

/** What of the folder this run is responsible for. */
export interface Scope {
  /** Outputs that are rendered. */
  readonly outputs: readonly string[];
  /** Profiles that are rendered. */
  readonly profiles: readonly string[];
  /** Whether the profiles are all there are, so that a folder of another one is left over. */
  readonly complete: boolean;
  /** The folder of the collection that is rendered as well. */
  readonly collection?: string | undefined;
}

/** Each artifact against the files that are there, and the files of ours that no artifact accounts for, in the order of their paths. */
export function compareArtifacts(
  artifacts: readonly Artifact[],
  existing: readonly ExistingFile[],
  scope: Scope,
): Change[] {
  const wanted = artifacts.filter(({ output }) => scope.outputs.includes(output));
  const current = new Map(existing.map((file) => [file.path, file]));
  const made = new Set(artifacts.map(({ path }) => path));
  const stale = existing.filter((file) => !made.has(file.path) && isStale(file, scope));
  return [
    ...wanted.map((artifact) => compareArtifact(artifact, current.get(artifact.path))),
    ...stale.map((file): Change => ({ kind: 'stale', path: file.path, current: file })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compareArtifact(artifact: Artifact, current: ExistingFile | undefined): Change {
  const { path } = artifact;
  if (!current) return { kind: 'create', path, artifact };
  const isSame = current.content === artifact.content && (current.mode & 0o111) === (artifact.mode & 0o111);
  return isSame ? { kind: 'same', path, artifact } : { kind: 'update', path, artifact, current };
}

/**
 * Ours by its header; in the folder of the profile that the header names, and of an output and a profile that this run
 * renders, or in the folder of the collection.
 */
function isStale({ path, content }: ExistingFile, { outputs, profiles, complete, collection }: Scope): boolean {
  const origin = content === undefined ? undefined : originOf(content);
  if (!origin) return false;
  const isOfThisRun = complete || 'collection' in origin || ('name' in origin && profiles.includes(origin.name));
  if (collection !== undefined && path.startsWith(`${collection}/`)) return isOfThisRun;
  if (!('name' in origin) || !isOfThisRun || !path.startsWith(`${origin.name}/`)) return false;
  const below = withoutMachine(path.slice(origin.name.length + 1));
  return OUTPUTS.some(
    ({ id, territory }) => outputs.includes(id) && territory.some((beginning) => below.startsWith(beginning)),
  );
}
