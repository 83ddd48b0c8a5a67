import { MAX_SECONDS } from '../parameters/bounds.ts';
import { countEntries, type EntryTimeouts, mostOf, totalOf } from '../sizing/connection-entries.ts';
import { formatCount } from '../values/quantities.ts';
import type { Flow } from '../values/traffic.ts';
import { type Circumstances, numberInForce } from './rule.ts';

export const TIME_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait';
const UDP_STREAM = 'net.netfilter.nf_conntrack_udp_timeout_stream';

/** A number of entries, and why. */
export interface Expectation {
  readonly count: number;
  readonly reason: string;
  readonly causes: readonly string[];
}

type Given = Pick<Circumstances, 'host' | 'traffic' | 'decided'>;

/** Entries of what the plan tracks; undefined without figures. */
export function expectTracked(given: Given): Expectation | undefined {
  const { flows } = given.traffic;
  if (flows.length === 0) return undefined;
  const left = nameUntracked(flows);
  const tracked = explainFlows(
    flows.filter(({ isTracked }) => isTracked),
    given,
  );
  return {
    count: tracked.count,
    reason: `${left.length > 0 ? `Not tracked: ${left.join(' and ')}. ` : ''}${tracked.reason}`,
    causes: [...new Set([...tracked.causes, ...causesOfUntracking(flows)])],
  };
}

/**
 * Entries of everything, also of what the plan leaves untracked: the fallback, in which a host tracks while its untracking
 * rules are refused, taken away or not loaded yet. Undefined without figures.
 */
export function expectFallback(given: Given): Expectation | undefined {
  const { flows } = given.traffic;
  if (flows.length === 0) return undefined;
  return explainFlows(
    flows.map((flow) => ({ ...flow, isTracked: true })),
    given,
  );
}

/** Why untracked connections are counted; empty where there are none. */
export function sayWhyCounted({ flows }: Circumstances['traffic']): string {
  const names = nameUntracked(flows);
  if (names.length === 0) return '';
  const text = names.join(' and ');
  return ` This counts ${text} too, although they are left untracked: the host tracks them whenever untracking is not in place.`;
}

function explainFlows(flows: readonly Flow[], given: Given): Expectation {
  const timeouts = timeoutsOf(given);
  const count = totalOf(countEntries(flows, timeouts));
  const terms = flows.flatMap((flow) => explainFlow(flow, timeouts));
  return {
    count,
    reason: `${terms.join(' + ')} = ${formatCount(count)} entries`,
    causes: [...new Set(flows.flatMap((flow) => causesOf(flow, timeouts, given)))],
  };
}

/** What is kept out of the table, by who opens it: its name, and the key that says so. */
const UNTRACKED = [
  { direction: 'inbound', name: 'served connections', cause: 'conntrack.untracked.served' },
  {
    direction: 'outbound',
    name: 'connections to an address of traffic.outbound',
    cause: 'conntrack.untracked.outbound',
  },
] as const;

function listUntracked(flows: readonly Flow[]): (typeof UNTRACKED)[number][] {
  return UNTRACKED.filter((each) =>
    flows.some(({ direction, isTracked }) => direction === each.direction && !isTracked),
  );
}

const nameUntracked = (flows: readonly Flow[]): string[] => listUntracked(flows).map(({ name }) => name);

/** The keys that leave any of them untracked. */
export const causesOfUntracking = (flows: readonly Flow[]): string[] => listUntracked(flows).map(({ cause }) => cause);

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

/** Its figures, the timeout, and what caps it; a role that has such a flow. */
function causesOf(flow: Flow, timeouts: EntryTimeouts, { decided }: Pick<Circumstances, 'decided'>): string[] {
  const { protocol, perSecond, open, causes } = flow;
  const timeout = decided(protocol === 'udp' ? UDP_STREAM : TIME_WAIT);
  const isCapped = perSecond * timeouts.timeWait + open > mostOf(flow);
  return [
    ...(perSecond > 0 ? [causes.perSecond, ...(timeout?.causes ?? [])] : []),
    ...(open > 0 ? [causes.open] : []),
    ...(isCapped && causes.place !== undefined ? [causes.place] : []),
    ...(causes.role ? [causes.role] : []),
  ];
}
