import type { Artifact } from './values/artifact.ts';
import { placeOf } from './values/machine-folder.ts';
import type { Plans } from './values/plan.ts';

/** Files with paths below the profile's folder. */
export interface Layout {
  /** Those that are the same for all machines, which lie once. */
  readonly shared: readonly Artifact[];
  /** For each machine the others, in its own folder. */
  readonly own: readonly (readonly Artifact[])[];
}

/** Packet rules are loaded from one folder: if a file in it differs, all of them do. */
const ONE_FOLDER = /^etc\/nettune\/[^/]+\//;

/** The files of each plan, with paths as its hosts will have them, so that what is the same for all of them lies once. */
export function layOutFiles(plans: Plans, files: readonly (readonly Artifact[])[]): Layout {
  const [first = [], ...others] = files;
  if (others.length === 0) return { shared: first, own: [[]] };
  const signatures = files.map(signPlaces);
  const isShared = ({ path }: Artifact) =>
    path !== 'plan' && new Set(signatures.map((each) => each.get(placeIn(path)))).size === 1;
  return {
    shared: first.filter(isShared),
    own: files.map((each, index) =>
      each
        .filter((file) => !isShared(file))
        .map((file) => ({ ...file, path: placeOf(plans[index] ?? plans[0], file.path) })),
    ),
  };
}

/** Of each place all that is in it, as text. */
function signPlaces(files: readonly Artifact[]): ReadonlyMap<string, string> {
  const signatures = new Map<string, string>();
  for (const { path, mode, content } of files) {
    const place = placeIn(path);
    signatures.set(place, `${signatures.get(place) ?? ''}${JSON.stringify([path, mode, content])}`);
  }
  return signatures;
}

/** A file, or the folder that stays whole. */
function placeIn(path: string): string {
  return ONE_FOLDER.exec(path)?.[0] ?? path;
}
