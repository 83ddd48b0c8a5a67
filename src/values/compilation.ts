import type { Artifact } from './artifact.ts';
import type { Cause, PlanExplanation } from './explanation.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';

/** What became of one profile. */
export interface Compiled {
  /** The file's name. */
  readonly file: string;
  readonly plan: Plan;
  /** What the checks found in its plan. */
  readonly problems: readonly Problem[];
  /** Renders when it is first asked: whoever only validates does not pay for it. */
  readonly artifacts: () => Artifact[];
  /** Why everything is as it is. */
  readonly explain: () => PlanExplanation;
  /** The key paths of all that is written. */
  readonly keys: () => string[];
  /** What is written at a key path, and where. */
  readonly lookUp: (path: string) => Cause;
}

/** What became of all profiles. When a problem is an error, nothing may be written. */
export interface Compilation {
  readonly compiled: readonly Compiled[];
  readonly problems: readonly Problem[];
}
