import { statSync } from 'node:fs';

/** A folder, or a link that leads to one. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
