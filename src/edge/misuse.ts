import { printable } from '../text/printable.ts';

/** Wrong usage, or a file that cannot be read or written: told in one line, exit code 2. */
export class Misuse extends Error {}

/** The result of an action on a file; what the system has against it is told as misuse, and anything else is a bug. */
export function orMisuse<Result>(name: string, verb: 'read' | 'written' | 'removed', action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Misuse(`${printable(name)}: cannot be ${verb}: ${describeSystemError(error)}`);
  }
}

/** Whether the system refused something, and our own code is not to blame. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Unreadable || (error instanceof Error && 'syscall' in error);
}

/** Why a file was not read although the system would have let us, to follow its name in a message. */
export class Unreadable extends Error {}

/** What the system said, for people: `no such file`, not `ENOENT`. */
export function describeSystemError(error: unknown): string {
  const code = (error as { code?: string }).code ?? '';
  return SYSTEM_ERRORS[code] ?? printable(error instanceof Error ? error.message : String(error));
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'something else is in its place',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link, or a circle of them',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file stands where a folder is needed',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};
