import type { CST } from 'yaml';
import type { Location } from '../values/location.ts';
import { errorAt, type Problem } from '../values/problem.ts';

/** Deeper than any profile. */
export const MAX_DEPTH = 32;

/**
 * Where the first value begins that is nested too deeply. Asked before a tree is made of the tokens: that calls itself for
 * each level, and near the end of its stack V8 may end the whole process, where nothing can be caught.
 */
export function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  let level = tokens.flatMap((token) => (token.type === 'document' && token.value ? [token.value] : []));
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) level = level.flatMap(listValues);
  return level[0]?.offset;
}

function listValues(token: CST.Token): CST.Token[] {
  return 'items' in token ? token.items.flatMap(({ key, value }) => [key, value].flatMap((each) => each ?? [])) : [];
}

/** That what is there is nested too deeply. */
export function describeTooDeep(location: Location): Problem {
  return errorAt(
    location,
    'too-deep',
    'values are nested too deeply',
    'a profile has a handful of levels: is this one?',
  );
}
