import type { Plan } from '../values/plan.ts';
import type { Severity } from '../values/problem.ts';

/** A semantic test over a plan. Its id names the healthy state. */
export interface Check {
  readonly id: string;
  /** Of its worst breach. */
  readonly severity: Severity;
  /** Whether a lesser breach is only a warning. */
  readonly softens?: true;
  /** What has to hold, with the arithmetic. */
  readonly what: string;
  /** What happens on a host that fails it. */
  readonly why: string;
  /** What mends it, whatever the case; a breach says what mends that one. */
  readonly fix: string;
  /** Where that is known from. */
  readonly source: string;
  /** Guards the host against the profile's author: `allow` cannot silence it. */
  readonly mandatory?: true;
  readonly find: (plan: Plan, fileOf: FileOf) => readonly Breach[];
}

/** The file that says a key, by its path; undefined for one that nobody has written. */
export type FileOf = (keyPath: string) => string | undefined;

/** One way in which a plan fails a check. */
export interface Breach {
  readonly message: string;
  readonly remedy: string;
  /** Key paths to blame, the main one first. */
  readonly causes: readonly string[];
  /** Of a lesser breach of a check that softens. */
  readonly severity?: Severity;
}
