import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, with those above it, one by one: Node's own way says of a file system that is read-only that there is no
 * such folder, and goes on forever in /proc.
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Writes a file that is not there yet. `onCreated`: from here on it is ours to remove. */
export function writeWhole(path: string, content: string, mode: number, onCreated: () => void): void {
  const file = openSync(path, 'wx', 0o600);
  onCreated();
  try {
    fchmodSync(file, mode);
    const bytes = Buffer.from(content);
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
