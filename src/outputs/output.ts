import type { Artifact } from '../values/artifact.ts';
import type { Plan, Plans } from '../values/plan.ts';

/** A kind of artifact: which files a plan needs, where they go, and what is put into their templates. */
export interface Output {
  readonly id: string;
  /** What it is about, for people. */
  readonly title: string;
  /** The program that reads it on the host. */
  readonly readBy: string;
  /** When it takes effect. */
  readonly takesEffect: string;
  /** Beginnings of the paths, below the profile's folder, that belong to this output and to no other. */
  readonly territory: readonly string[];
  /** Why a plan gets nothing of a kind that its user would look for; undefined when it does. */
  readonly absence?: (plan: Plan) => string | undefined;
  /** For each machine. `others`: the artifacts of the outputs before this one, with paths as a host will have them. */
  readonly draft?: (plan: Plan, others: readonly Artifact[]) => readonly Draft[];
  /** Once for all machines of a profile. `others`: all artifacts so far, with paths below the profile's folder. */
  readonly gather?: (plans: Plans, others: readonly Artifact[]) => readonly Draft[];
}

/** An artifact before its template is filled and its header is put on. */
export interface Draft {
  /** Below the profile's folder. */
  readonly path: string;
  readonly mode?: Artifact['mode'];
  readonly purpose: string;
  /** The parameters that it sets, by their names. */
  readonly carries?: readonly string[];
  readonly body: Body;
}

export type Body =
  /** A template and all that it may name. */
  | { readonly template: string; readonly view: View }
  /** A file copied as it is, but for `@name@` (the profile's name) and `@id@` (the same with _ for -). */
  | { readonly text: string };

/** What a template may name: values, and lists to loop over. */
export interface View {
  readonly [name: string]: string | number | View | readonly (string | View)[];
}
