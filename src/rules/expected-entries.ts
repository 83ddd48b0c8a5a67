import { MAX_SECONDS } from '../parameters/bounds.ts';
import { countEntries, type EntryTimeouts, mostOf, totalOf } from '../sizing/connection-entries.ts';
import { formatCount } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { isAnyOutboundUntracked } from './outbound-rules.ts';
import { isServedUntracked } from './packet-rules.ts';
import { type Circumstances, numberInForce } from './rule.ts';

export const TIME_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait';
const UDP_STREAM = 'net.netfilter.nf_conntrack_udp_timeout_stream';

/** A number of entries, and why. */
export interface Expectation {
  readonly count: number;
  readonly reason: string;
  readonly causes: readonly string[];
}

/** Entries that the traffic keeps; undefined without figures. */
export function expectEntries(
  given: Pick<Circumstances, 'profile' | 'host' | 'traffic' | 'decided'>,
): Expectation | undefined {
  const { flows } = given.traffic;
  if (flows.length === 0) return undefined;
  const tracked = flows.filter(({ isTracked }) => isTracked);
  const { sentence, causes: untracked } = describeUntracked(given.profile);
  if (tracked.length === 0) return { count: 0, reason: `${sentence}; the few others, such as ssh,`, causes: untracked };
  const timeouts = timeoutsOf(given);
  const count = totalOf(countEntries(tracked, timeouts));
  const terms = tracked.flatMap((flow) => explainFlow(flow, timeouts));
  const causes = tracked.flatMap((flow) => causesOf(flow, given));
  return {
    count,
    reason: `${sentence === '' ? '' : `${sentence}. `}${terms.join(' + ')} = ${formatCount(count)} entries`,
    causes: [...new Set([...causes, ...untracked])],
  };
}

/** What the profile keeps out of the table; an empty sentence where that is nothing. */
function describeUntracked(profile: Circumstances['profile']): { sentence: string; causes: string[] } {
  const served = isServedUntracked(profile) ? ['conntrack.untracked.served'] : [];
  const outbound = isAnyOutboundUntracked(profile) ? ['conntrack.untracked.outbound'] : [];
  const causes = [...served, ...outbound];
  const ofThisHost = 'those that this host opens to an address of traffic.outbound';
  if (causes.length === 2) return { sentence: `Served connections are not tracked, nor are ${ofThisHost}`, causes };
  if (outbound.length > 0) return { sentence: `Not tracked are ${ofThisHost}`, causes };
  return { sentence: served.length > 0 ? 'Served connections are not tracked' : '', causes };
}

/** As decided, or the kernel's own. */
export function timeoutsOf(given: Pick<Circumstances, 'host' | 'decided'>): EntryTimeouts {
  return { timeWait: secondsOf(TIME_WAIT, given), udpStream: secondsOf(UDP_STREAM, given) };
}

/** A value that makes no sense is reported, and does not count. */
function secondsOf(parameter: string, given: Pick<Circumstances, 'host' | 'decided'>): number {
  return Math.max(1, Math.min(MAX_SECONDS, numberInForce(parameter, given) ?? 1));
}

/** `5,000 connections/s × 60 s in TIME_WAIT + 2,000 open` */
function explainFlow(flow: Flow, { timeWait, udpStream }: EntryTimeouts): string[] {
  const { protocol, perSecond, open, unit } = flow;
  const seconds = protocol === 'udp' ? udpStream : timeWait;
  const stay = protocol === 'udp' ? `${seconds} s` : `${seconds} s in TIME_WAIT`;
  const terms = [
    ...(perSecond > 0 ? [`${formatCount(perSecond)} ${unit} × ${stay}`] : []),
    ...(open > 0 ? [`${formatCount(open)} open`] : []),
  ];
  const most = mostOf(flow);
  return perSecond * seconds + open > most
    ? [`${terms.join(' + ')}, at most ${formatCount(most)}: one for each port to start from`]
    : terms;
}

function causesOf({ protocol, perSecond, open, causes }: Flow, { decided }: Pick<Circumstances, 'decided'>): string[] {
  const timeout = decided(protocol === 'udp' ? UDP_STREAM : TIME_WAIT);
  return [...(perSecond > 0 ? [causes.perSecond, ...(timeout?.causes ?? [])] : []), ...(open > 0 ? [causes.open] : [])];
}
