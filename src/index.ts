/** What programs can import from nettune. No Node module is behind it: it runs in a browser, and touches nothing. */

export type { Profile } from '#generated/profile.ts';
export { compile } from './pipeline.ts';
export { hostProgram } from './render-artifacts.ts';
export { formatProblem } from './report/format-problem.ts';
export { coloured, type Style } from './report/style.ts';
export type { Alternative } from './values/alternative.ts';
export type { Artifact } from './values/artifact.ts';
export type { Compilation, Compiled } from './values/compilation.ts';
export { decisionOn } from './values/decided.ts';
export type { Cause, ExplainedOmission, Explanation, PlanExplanation } from './values/explanation.ts';
export type { Host } from './values/host.ts';
export { type Location, type Position, positionOf } from './values/location.ts';
export type { Decision, Omission, PacketRule, Plan, Price, Value } from './values/plan.ts';
export type { Problem, Severity } from './values/problem.ts';
export { basesAmong, type ResolveBase } from './values/resolve-base.ts';
export { shippedProfile } from './values/shipped-profile.ts';
export { type Source, sourceOf } from './values/source.ts';
