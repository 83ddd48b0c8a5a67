import { SHIPPED_PROFILES } from '#generated/texts.ts';
import { type Source, sourceOf } from './source.ts';

/** The profile of this name that travels inside the program; undefined when there is none. */
export function shippedProfile(name: string): Source | undefined {
  const text = Object.hasOwn(SHIPPED_PROFILES, name) ? SHIPPED_PROFILES[name] : undefined;
  if (text === undefined) return undefined;
  return sourceOf(`${FOLDER}${name}.yaml`, text);
}

/** Whether a file of this name travels inside the program. */
export function isShipped(file: string): boolean {
  return file.startsWith(FOLDER);
}

const FOLDER = '<nettune>/profiles/';
