import type { Profile } from '#generated/profile.ts';

/** The key of a timeout in a profile. */
export type TimeoutKey = keyof NonNullable<NonNullable<Profile['conntrack']>['timeouts']>;

/** What nettune knows about a kind of host before it reads a figure. */
export interface RoleRow {
  readonly role: Profile['role'];
  readonly title: string;
  /** Whether clients connect to this host, so that it has queues to size. */
  readonly serves: boolean;
  /** Connections in the table for each connection that a client opens: a proxy opens a second one itself. */
  readonly entriesPerConnection: number;
  /** The part of memory that the connection table may take. */
  readonly memoryShare: number;
  /** Why these hosts cannot leave packets untracked, or undefined when they can. */
  readonly trackingNeeded?: string;
  /** Timeouts that differ from the kernel's, each with its reason. */
  readonly timeouts: Partial<Readonly<Record<TimeoutKey, RoleTimeout>>>;
}

export interface RoleTimeout {
  readonly seconds: number;
  readonly because: string;
}
