import type { Plan } from '../../../src/values/plan.ts';
import { compileProfile } from '../compile-profile.ts';
import type { Figures, Scenario } from './scenarios.ts';

/** The plan of a scenario's profile, as a user would write it: with whole numbers. */
export function planFor({ title, profile }: Scenario, figures: (name: string) => Figures): Plan {
  const whole = (name: string) => {
    const { perSecond, open } = figures(name);
    return { perSecond: Math.round(perSecond), open };
  };
  const { compiled, problems } = compileProfile(profile(whole));
  if (!compiled[0]) throw new Error(`${title}: ${problems.map(({ message }) => message).join('; ')}`);
  return compiled[0].plan;
}
