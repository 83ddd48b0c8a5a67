/** A file as it was read. */
export interface Source {
  /** The name that the user knows it by. */
  readonly name: string;
  /** The same for the same file, however it was named. */
  readonly identity: string;
  readonly bytes: Uint8Array;
}
