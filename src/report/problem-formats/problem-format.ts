import type { Problem } from '../../values/problem.ts';
import type { Style } from '../style.ts';

/** What `nettune validate` has found, and what a format needs to say it. */
export interface ProblemReport {
  /** Sorted by file and place. */
  readonly problems: readonly Problem[];
  /** The profiles that were validated, by the names that the user knows them by. */
  readonly profiles: readonly string[];
  /** Whether a problem counts as a failure. */
  readonly isFailure: (problem: Problem) => boolean;
  /** A file's path from the root of its repository; undefined for what is no file there. */
  readonly pathOf: (name: string) => string | undefined;
}

/** The whole text that is printed. */
export type FormatProblems = (report: ProblemReport, style: Style) => string;

/** A way to say what is wrong, for somebody. */
export interface ProblemFormat {
  readonly id: string;
  /** Who reads it. */
  readonly reader: string;
  readonly load: () => Promise<FormatProblems>;
}
