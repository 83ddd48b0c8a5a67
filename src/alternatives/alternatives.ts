import { CLEARED_WITHIN } from '../sizing/expired-entries.ts';
import type { Alternative } from '../values/alternative.ts';
import { formatCount } from '../values/quantities.ts';

/**
 * Seconds of TIME_WAIT in the table that are short and still safe: as long as the kernel keeps a connection that was
 * reset, and time for a FIN that was not answered to be sent again three times (RFC 6298: after 1, 3 and 7 s).
 */
const SHORT_SECONDS = 10;

/** What an alternative does to a profile. */
export interface Way extends Pick<Alternative, 'id' | 'title'> {
  readonly isUntracked: boolean;
  /** Whether a profile has it that leaves served ports untracked or not, by its seconds of TIME_WAIT in the table. */
  readonly isChosen: (isUntracked: boolean, timeWait: number) => boolean;
  /** Seconds of TIME_WAIT in the table: `own` are the profile's, `usual` the role's. */
  readonly timeWait: (own: number, usual: number) => number;
  readonly risk: (numbers: Numbers) => string;
}

/** What a risk names. */
export interface Numbers {
  readonly timeWait: number;
  /** Whether entries outlive this timer until the kernel clears them. */
  readonly isClearedLate: boolean;
  readonly entries: number;
  readonly table: number;
  /** Entries with headroom of a host that tracks the served ports after all. */
  readonly neededTracked: number;
}

/** With the least parts on the host first. */
export const ALTERNATIVES: readonly Way[] = [
  {
    id: 'larger-table',
    title: 'larger table',
    isUntracked: false,
    isChosen: (isUntracked, timeWait) => !isUntracked && timeWait > SHORT_SECONDS,
    timeWait: (own, usual) => (own > SHORT_SECONDS ? own : usual),
    risk: sayWhenFull,
  },
  {
    id: 'short-timers',
    title: 'short timers',
    isUntracked: false,
    isChosen: (isUntracked, timeWait) => !isUntracked && timeWait <= SHORT_SECONDS,
    timeWait: (own) => Math.min(own, SHORT_SECONDS),
    risk: (numbers) =>
      `${numbers.isClearedLate ? `little is gained: since Linux 4.9 an expired entry counts until the kernel clears it, up to a minute later, so the table needs room as for ${CLEARED_WITHIN} s. A` : 'a'} segment that comes more than ${numbers.timeWait} s after the close has no entry. A repeated FIN is INVALID; another segment is NEW, and nf_conntrack_tcp_loose 1 makes an entry of it. No data is lost: the sockets keep their own 60 s.`,
  },
  {
    id: 'untracking',
    title: 'untracking',
    isUntracked: true,
    isChosen: (isUntracked) => isUntracked,
    timeWait: (own) => own,
    risk: ({ table, neededTracked }) =>
      `packet rules on the host. Packets of these ports have no state: rules on NEW or ESTABLISHED do not match them, and nothing can translate them. A host that refuses the rules tracks these ports; the table is ${table < neededTracked ? `too small for that, ${formatCount(neededTracked)} entries with headroom` : 'large enough for that'}.`,
  },
];

function sayWhenFull({ entries, table }: Numbers): string {
  const times = Math.floor((table / Math.max(1, entries)) * 10) / 10;
  return `the table is full at ${formatCount(times)} times this traffic. Then the kernel drops every new connection, ssh included.`;
}
