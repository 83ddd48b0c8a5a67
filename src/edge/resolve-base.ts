import { dirname, join, relative, resolve } from 'node:path';
import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import type { ResolveBase } from '../values/resolve-base.ts';
import { nameOfFile } from '../values/source.ts';
import { describeSystemError, Unreadable } from './misuse.ts';
import { readRegularFile } from './read-file.ts';
import { isInside, realPathOf, repositoryOf } from './repository.ts';

export const OUTSIDE = {
  fault: 'lies outside the repository',
  remedy: 'extend a file of the same repository, or a shipped profile',
};

export const NOT_YAML = { fault: 'is not a YAML file', remedy: 'name a file that ends in .yaml or .yml' };

export function describeUnread(why: string) {
  return { fault: `cannot be read: ${why}`, remedy: 'the path starts at the folder of this file' };
}

export function isYaml(reference: string): boolean {
  return /\.ya?ml$/.test(reference);
}

/** Reads a base beside the file that names it: a regular file of the same repository, whatever links are in between. */
export const resolveBaseFile: ResolveBase = (reference, from) => {
  const folder = dirname(from.identity);
  const path = resolve(folder, reference);
  const repository = repositoryOf(folder);
  if (!isInside(repository, path)) return OUTSIDE;
  if (!isYaml(reference)) return NOT_YAML;
  try {
    const identity = realPathOf(path);
    if (!isInside(repository, identity)) return OUTSIDE;
    const name = from.name === '<stdin>' ? relative(process.cwd(), path) : join(dirname(from.name), reference);
    return { name: nameOfFile(name), identity, isNamed: false, bytes: readRegularFile(identity, MAX_SOURCE_BYTES) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message, remedy: 'name a file' };
    return describeUnread(describeSystemError(error));
  }
};
