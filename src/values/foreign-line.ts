/** A line that a file of somebody else has to hold: without it a file of ours does not count. */
export interface ForeignLine {
  /** Below /. A file that is not there is that of a program which is not installed. */
  readonly path: string;
  readonly line: string;
}
