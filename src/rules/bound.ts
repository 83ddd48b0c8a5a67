/** What holds a value up or down: a candidate for it, with its own reason and causes. */
export interface Bound {
  readonly value: number;
  readonly reason: string;
  /** Key paths of the profile. */
  readonly causes: readonly string[];
}

/** The candidate that decides where the largest one counts; of equal ones the first. */
export function largestOf<Candidate extends Pick<Bound, 'value'>>(first: Candidate, ...others: Candidate[]): Candidate {
  return others.reduce((best, each) => (each.value > best.value ? each : best), first);
}

/** The candidate that decides where the smallest one counts; of equal ones the first. */
export function smallestOf<Candidate extends Pick<Bound, 'value'>>(
  first: Candidate,
  ...others: Candidate[]
): Candidate {
  return others.reduce((best, each) => (each.value < best.value ? each : best), first);
}
