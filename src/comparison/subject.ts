import type { Artifact } from '../values/artifact.ts';
import type { ProfileFigures } from '../values/comparison.ts';
import type { Compiled } from '../values/compilation.ts';
import type { PlanExplanation } from '../values/explanation.ts';
import { figuresOf } from '../values/host.ts';
import { formatPorts } from '../values/ports.ts';

/** A compiled profile with all that is compared of it, each made once. */
export interface Subject extends Pick<Compiled, 'file' | 'plan' | 'problems' | 'keys' | 'lookUp'> {
  readonly explanation: PlanExplanation;
  readonly artifacts: readonly Artifact[];
}

/** A profile as it was and as it is; one that comes or goes lacks a side. */
export type Pair =
  | { readonly before: Subject; readonly after: Subject }
  | { readonly before: Subject; readonly after?: undefined }
  | { readonly before?: undefined; readonly after: Subject };

export function asSubject(compiled: Compiled): Subject {
  return { ...compiled, explanation: compiled.explain(), artifacts: compiled.artifacts() };
}

/** What its profile is about. */
export function figuresOfSubject({ plan }: Subject): ProfileFigures {
  const { role, host, servedPorts, summary, unproven } = plan;
  return {
    role,
    host: figuresOf(host),
    ports: formatPorts(servedPorts),
    ...(summary === undefined ? {} : { summary }),
    ...(unproven === undefined ? {} : { unproven }),
  };
}
