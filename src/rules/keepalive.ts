import { formatCount } from '../values/quantities.ts';
import { numberOf, type Proposal, type Rule } from './rule.ts';
import { isTrackingOff } from './tracking.ts';

/** The kernel's default, and what clients on the other side of a gateway have. */
export const DEFAULT_KEEPALIVE_SECONDS = 7200;

/** Often enough that a living connection keeps its entry when a probe gets lost. */
const PROBES_PER_TIMEOUT = 3;

/** Seconds between the probes after the first one, in the kernel. */
const DEFAULT_INTERVAL_SECONDS = 75;

/** More often than every 20 minutes only costs packets. */
const LONGEST_SECONDS = 1200;

/** Keepalive probes pass before the entry of an idle connection ends, so that a living connection keeps its entry. */
export const keepalive: Rule = {
  id: 'keepalive',
  source: 'net/ipv4/tcp_timer.c',
  propose: ({ profile, role, decided }) => {
    if (!role.serves || isTrackingOff(profile)) return [];
    const entry = decided('net.netfilter.nf_conntrack_tcp_timeout_established');
    const established = numberOf(entry) ?? DEFAULT_KEEPALIVE_SECONDS;
    const value = Math.max(1, Math.min(LONGEST_SECONDS, Math.floor(established / PROBES_PER_TIMEOUT)));
    const reason = `A third of the ${formatCount(established)} s after which an idle entry ends, at most ${formatCount(LONGEST_SECONDS)} s: a connection that is alive renews its entry in time. The kernel's default is ${formatCount(DEFAULT_KEEPALIVE_SECONDS)} s. Only for sockets that ask for keepalive.`;
    const causes = entry?.causes ?? [];
    return [{ parameter: 'net.ipv4.tcp_keepalive_time', value, reason, causes }, ...proposeInterval(value, causes)];
  },
};

/** Later probes come after an interval of their own: with a short timeout the kernel's is too long. */
function proposeInterval(seconds: number, causes: readonly string[]): Proposal[] {
  if (seconds >= DEFAULT_INTERVAL_SECONDS) return [];
  const reason = `As often as the first probe, since a lost one has to be repeated before the entry ends; the kernel's default is ${DEFAULT_INTERVAL_SECONDS} s.`;
  return [{ parameter: 'net.ipv4.tcp_keepalive_intvl', value: seconds, reason, causes }];
}
