import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder, with those above it. Node says of a file system that is read-only only that there is no such folder. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT' || path === dirname(path)) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
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
