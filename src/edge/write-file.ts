import { closeSync, fchmodSync, fsyncSync, lstatSync, mkdirSync, openSync, rmdirSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isFolder } from './is-folder.ts';

/**
 * Makes a folder, with those above it, one by one: Node's own way says of a file system that is read-only that there is no
 * such folder, and goes on forever in /proc.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isFolder(path)) throw error; // another run may have been faster
  }
}

/** Writes a file that is not there yet. `onCreated`: from here on it is ours to remove. */
export function writeWhole(path: string, content: string, mode: number, onCreated: () => void): void {
  const file = openSync(path, 'wx', 0o600);
  onCreated();
  try {
    fchmodSync(file, mode);
    writeAll(file, Buffer.from(content));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** To an open file, in as many parts as the system takes. */
export function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** Of these folders and those above them, the ones that are not there yet, the deepest first. */
export function listMissingFolders(folders: readonly string[]): string[] {
  const missing = new Set<string>();
  for (const folder of folders)
    for (let path = resolve(folder); !missing.has(path) && !isThere(path); path = dirname(path)) missing.add(path);
  return [...missing].sort((a, b) => b.length - a.length);
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Takes folders away again in which nothing is. */
export function removeEmpty(folders: readonly string[]): void {
  for (const path of folders) {
    try {
      rmdirSync(path);
    } catch {
      // somebody else uses it, or it was never made
    }
  }
}
