import type { Explanation } from '../values/explanation.ts';
import type { Plan } from '../values/plan.ts';

/** A decision with the plan that it belongs to. */
interface Decided {
  readonly plan: Plan;
  readonly decision: Explanation;
}

/** A decision as it was and as it is; one side of the two may be missing. */
export type DecisionSides =
  | { readonly before: Decided; readonly after: Decided }
  | { readonly before: Decided; readonly after?: undefined }
  | { readonly before?: undefined; readonly after: Decided };
