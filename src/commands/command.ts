import type { Command as Commander } from 'commander';
import type { Style } from '../report/style.ts';

/** The exit codes of every command. */
export const EXIT = {
  clean: 0,
  /** Problems were found, or something is out of date. */
  problems: 1,
  /** Wrong usage, or a file that cannot be read or written. */
  misuse: 2,
  /** A bug in nettune. */
  bug: 3,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Where a command writes: its product to `out`, everything else to `err`. */
export interface Streams {
  readonly out: Stream;
  readonly err: Stream;
  /** How far a long run is, on one line that is rewritten in place; only for a person, and only after a while. */
  readonly status: { readonly show: (text: string) => void; readonly clear: () => void };
}

export interface Stream {
  readonly write: (text: string) => void;
  readonly style: Style;
  /** Whether a person reads it, and no file or program. */
  readonly isTerminal: boolean;
}

/** Adds itself to the program; `finish` takes the exit code. */
export type AddCommand = (program: Commander, streams: Streams, finish: (exit: Exit) => void) => void;
