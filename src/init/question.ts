import type { Path } from '../values/node.ts';
import type { Problem } from '../values/problem.ts';

/** Something that `nettune init` wants to know. */
export interface Question {
  /** The key of the profile that it writes; or, of a question with a `judge`, a name for what it is about. */
  readonly path: Path;
  /** The option that answers it, as commander spells it; none for the role, which is an argument. */
  readonly flags?: string;
  readonly text: string;
  /** Of which an answer in the call has to be one, or a list of some. */
  readonly choices?: readonly string[];
  readonly isList?: true;
  /** What a typed answer stands for; whether that is a good one is for the schema to say. */
  readonly read: (typed: string) => Answer;
  /** What is wrong with an answer of which the schema of profiles says nothing. */
  readonly judge?: (answer: Answer) => Fault | undefined;
}

export type Fault = Pick<Problem, 'message' | 'remedy'>;

export type Answer = string | number | readonly (string | number)[];

/** Answers by their questions' key paths, with dots between the keys. */
export type Answers = Readonly<Record<string, Answer>>;

export const keyOf = ({ path }: Question): string => path.join('.');
