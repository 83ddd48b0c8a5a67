/** A file as it was read. */
export interface Source {
  /** The name that the user knows it by. */
  readonly name: string;
  /** The same for the same file, however it was named. */
  readonly identity: string;
  /** Whether the user named this very file, and no link or profile led to it: then its lines may be shown whatever it is. */
  readonly isNamed: boolean;
  readonly bytes: Uint8Array;
}

/** Whether a name is one that nettune gives to what is no file: a shipped profile, or standard input. */
export function isMark(name: string): boolean {
  return name.startsWith('<');
}

/** The name of a file, which is its path, and is taken for no such mark. */
export function nameOfFile(path: string): string {
  return isMark(path) ? `./${path}` : path;
}

/** A file that was not read from a disk. By its name, such as `profiles/shop.yaml`, others extend it and messages point at it. */
export function sourceOf(name: string, text: string): Source {
  return { name, identity: name, isNamed: true, bytes: new TextEncoder().encode(text) };
}
