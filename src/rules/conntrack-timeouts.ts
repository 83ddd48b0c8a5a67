import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { TimeoutKey } from '../roles/role.ts';
import { parseDuration } from '../values/quantities.ts';
import type { Circumstances, Proposal, Rule } from './rule.ts';
import { isTrackingOff } from './tracking.ts';

/** The parameter behind each key of `conntrack.timeouts`. */
export const TIMEOUT_PARAMETERS: Readonly<Record<TimeoutKey, string>> = {
  established: 'net.netfilter.nf_conntrack_tcp_timeout_established',
  synSent: 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent',
  synReceived: 'net.netfilter.nf_conntrack_tcp_timeout_syn_recv',
  finWait: 'net.netfilter.nf_conntrack_tcp_timeout_fin_wait',
  closeWait: 'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  lastAck: 'net.netfilter.nf_conntrack_tcp_timeout_last_ack',
  timeWait: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
  udp: 'net.netfilter.nf_conntrack_udp_timeout',
  udpStream: 'net.netfilter.nf_conntrack_udp_timeout_stream',
  icmp: 'net.netfilter.nf_conntrack_icmp_timeout',
};

/** How long idle entries stay: as the profile says, otherwise as the role has it; a timeout that neither names is left to the kernel. */
export const conntrackTimeouts: Rule = {
  id: 'conntrack-timeouts',
  source: 'nf_conntrack_proto_tcp.c; docs/how-to/established-for-days.md; RFC 4787, 5382, 5508 and 7857',
  propose: (given) =>
    isTrackingOff(given.profile)
      ? []
      : (Object.keys(TIMEOUT_PARAMETERS) as TimeoutKey[]).flatMap((key) => proposeTimeout(key, given)),
};

function proposeTimeout(key: TimeoutKey, given: Circumstances): Proposal[] {
  const parameter = TIMEOUT_PARAMETERS[key];
  const own = given.profile.conntrack?.timeouts?.[key];
  const byRole = given.role.timeouts[key];
  if (own !== undefined) {
    const value = parseDuration(own);
    const known =
      byRole?.seconds === value
        ? `: ${byRole.because}`
        : `; the kernel's default is ${kernelDefault(parameter, given)} s`;
    return [{ parameter, value, reason: `Set by the profile${known}.`, causes: [`conntrack.timeouts.${key}`] }];
  }
  if (!byRole) return [];
  return [{ parameter, value: byRole.seconds, reason: `${capitalize(byRole.because)}.`, causes: ['role'] }];
}

function kernelDefault(parameter: string, { host }: Circumstances): string {
  const row = findParameter(parameter);
  return String(row && defaultValue(row, host));
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
