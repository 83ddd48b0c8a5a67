import type { Decision, Plan } from './plan.ts';

/** The decision on a parameter, by the name of its row. */
export function decisionOn({ decisions }: Plan, parameter: string): Decision | undefined {
  return decisions.find((decision) => decision.parameter === parameter);
}

/** The number decided for a parameter; undefined when nothing was decided, or no number. */
export function numberFor(plan: Plan, parameter: string): number | undefined {
  const value = decisionOn(plan, parameter)?.value;
  return typeof value === 'number' ? value : undefined;
}
