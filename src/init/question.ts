import type { Path } from '../values/node.ts';

/** Something that `nettune init` wants to know: a key of the profile that it writes. */
export interface Question {
  readonly path: Path;
  /** The option that answers it, as commander spells it; none for the role, which is an argument. */
  readonly flags?: string;
  readonly text: string;
  /** Of which an answer in the call has to be one. */
  readonly choices?: readonly string[];
  /** What a typed answer stands for; whether that is a good one is for the schema to say. */
  readonly read: (typed: string) => Answer;
}

export type Answer = string | number | readonly (string | number)[];

/** Answers by their questions' key paths, with dots between the keys. */
export type Answers = Readonly<Record<string, Answer>>;

export const keyOf = ({ path }: Question): string => path.join('.');
