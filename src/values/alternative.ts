/** A way to keep the connection table from filling, with its numbers for one profile on one host. */
export interface Alternative {
  readonly id: 'short-timers' | 'larger-table' | 'untracking';
  readonly title: string;
  /** Whether it is what the profile does. */
  readonly isChosen: boolean;
  /** What a profile says for it, by key path. */
  readonly keys: Readonly<Record<string, string | number | boolean>>;
  /** Entries at the peak whose timer has not ended. */
  readonly entries: number;
  /** What the table has to hold: those with headroom, and what has expired and still counts. */
  readonly needed: number;
  /** `nf_conntrack_max`, as nettune would size it. */
  readonly table: number;
  /** Kernel memory of a full table, buckets included. */
  readonly memoryBytes: number;
  /** Whether the table holds what is needed. Where it does not, memory has cut it. */
  readonly fits: boolean;
  readonly risk: string;
}
