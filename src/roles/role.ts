import type { Profile } from '#generated/profile.ts';

/** The key of a timeout in a profile. */
export type TimeoutKey = keyof NonNullable<NonNullable<Profile['conntrack']>['timeouts']>;

/** What nettune knows about a kind of host before it reads a figure. */
export interface RoleRow {
  readonly role: Profile['role'];
  readonly title: string;
  /** Whether clients connect to this host, so that it has queues to size. */
  readonly serves: boolean;
  /** Whether it opens a connection of its own for each that it accepts, as a proxy does. */
  readonly opensForEach: boolean;
  /** The part of memory that the connection table may take. */
  readonly memoryShare: number;
  /** Why these hosts cannot leave packets untracked, or undefined when they can. */
  readonly trackingNeeded?: string;
  /** How long the server itself keeps a connection on which nothing happens. */
  readonly longestIdle?: RoleTimeout;
  /** Timeouts that differ from the kernel's, each with its reason. */
  readonly timeouts: Partial<Readonly<Record<TimeoutKey, RoleTimeout>>>;
  /** What one might expect to be set, and why it is not. */
  readonly leavesAlone?: readonly { readonly parameter: string; readonly because: string }[];
}

export interface RoleTimeout {
  readonly seconds: number;
  readonly because: string;
}
