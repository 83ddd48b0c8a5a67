import { createHash } from 'node:crypto';
import type { Problem } from '../../values/problem.ts';
import { sayMachines } from '../../values/say-machines.ts';
import type { ProblemReport } from './problem-format.ts';
import { listRepositoryPlaces, type RepositoryPlace } from './repository-places.ts';

/** A problem, and how a CI system knows it again. */
export interface KnownProblem {
  readonly problem: Problem;
  readonly places: readonly RepositoryPlace[];
  /** Stays when lines are added or moved: it is made of the file, the id and the message. */
  readonly fingerprint: string;
  /** Counts, from 1, those that are equal but for their place. */
  readonly ordinal: number;
}

/** Places within a message, which are those of today. */
const PLACE = /\(line \d+, column \d+\)/g;

/** Every problem with a fingerprint that no other one has. */
export function knowProblems(report: Pick<ProblemReport, 'problems' | 'pathOf'>): KnownProblem[] {
  const counts = new Map<string, number>();
  return report.problems.map((problem) => {
    const places = listRepositoryPlaces(problem, report);
    const file = places[0]?.path ?? problem.locations[0]?.file.name ?? '';
    const identity = JSON.stringify([file, problem.id, problem.message.replace(PLACE, '')]);
    const ordinal = (counts.get(identity) ?? 0) + 1;
    counts.set(identity, ordinal);
    const fingerprint = createHash('sha256').update(`${identity}${ordinal}`).digest('hex').slice(0, 32);
    return { problem, places, fingerprint, ordinal };
  });
}

/** Errors before warnings, otherwise as they are: CI systems show the first ones only. */
export function worstFirst<Each extends { readonly problem: Problem }>(known: readonly Each[]): Each[] {
  return [...known].sort((a, b) => rank(a) - rank(b));
}

const rank = ({ problem }: { readonly problem: Problem }): number => (problem.severity === 'error' ? 0 : 1);

/** What is wrong and what to do, in a sentence. */
export function sentenceOf(problem: Problem): string {
  return `${messageOf(problem)}; ${problem.remedy}`;
}

/** What is wrong, and on which of several machines. */
export function messageOf(problem: Problem): string {
  const machines = sayMachines(problem);
  return machines === undefined ? problem.message : `${problem.message} (on ${machines})`;
}
