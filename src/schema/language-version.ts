import { PROFILE_SCHEMA } from '#generated/texts.ts';
import type { MapNode } from '../values/node.ts';
import { errorAt, type Problem } from '../values/problem.ts';

/** The newest version of the language of profiles that this nettune knows. */
const NEWEST = PROFILE_SCHEMA.properties.schema.maximum;

/** The id of the problem that stands for all others of such a file. */
export const NEWER_LANGUAGE = 'newer-language';

/** What a file says that is written for a version to come; nobody can say what else in it is right or wrong. */
export function findNewerLanguage(root: MapNode): Problem | undefined {
  const node = root.entries.get('schema')?.value;
  const version = node?.kind === 'scalar' ? node.value : undefined;
  if (!node || typeof version !== 'number' || !Number.isInteger(version) || version <= NEWEST) return undefined;
  const known = NEWEST === 1 ? 'version 1' : `versions up to ${NEWEST}`;
  return errorAt(
    node.location,
    NEWER_LANGUAGE,
    `this file is written for a later version of the language of profiles: this nettune knows ${known}`,
    'update nettune, or write the file for a version that this one knows',
  );
}
