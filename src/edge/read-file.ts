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
  for (let read = -1; read !== 0 && length < count; length += read) read = readPart(file, buffer, length);
  return buffer.subarray(0, length);
}

/** A pipe that another program has made non-blocking has nothing to read at times: wait for more. */
function readPart(file: number, buffer: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(file, buffer, from, buffer.length - from, null);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
    }
  }
}

const WAIT_MILLISECONDS = 10;
