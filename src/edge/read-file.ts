import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Unreadable } from './misuse.ts';

/**
 * The bytes of a regular file, of which at most `limit` + 1 are read: one more than allowed tells the reader that it is
 * too large. Does not wait for a FIFO's writer, and does not read a device.
 */
export function readRegularFile(path: string, limit: number): Uint8Array {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Unreadable('is not a regular file');
    return readUpTo(file, Math.min(found.size, limit) + 1);
  } finally {
    closeSync(file);
  }
}

/** Everything up to `count` bytes from an open file or pipe. */
export function readUpTo(file: number, count: number): Uint8Array {
  const buffer = Buffer.alloc(count);
  let length = 0;
  for (let read = -1; read !== 0 && length < count; length += read)
    read = readSync(file, buffer, length, count - length, null);
  return buffer.subarray(0, length);
}
