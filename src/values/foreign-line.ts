/** A line that a file of somebody else has to hold: without it a file of ours does not count. */
export interface ForeignLine {
  /** Below /. */
  readonly path: string;
  readonly line: string;
  /** Whether the file may be missing: it is that of a program which does no harm where it is not installed. */
  readonly isOptional: boolean;
}
