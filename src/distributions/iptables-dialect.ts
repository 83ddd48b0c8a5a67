import { forKernel, type KernelRange, parseKernelVersion } from '../values/kernel-version.ts';

/** How rules are spelt for a version of iptables and the kernels that it came with. */
export interface Dialect {
  /** The target that leaves a packet untracked. */
  readonly untrack: string;
  /** Matches a connection's state; a list of states follows. */
  readonly state: string;
  /** Whether `-m addrtype` is there for IPv6. */
  readonly matchesLocalIpv6: boolean;
  /** Whether the kernels of its time track IPv6 at all. */
  readonly tracksIpv6: boolean;
  /** Whether untracking can be made to end by itself: `recent` takes a mask. */
  readonly hasLease: boolean;
}

const OLD = { untrack: 'NOTRACK', state: '-m state --state', matchesLocalIpv6: false, hasLease: false };

/**
 * No distribution has a version from 1.4.8 to 1.4.20; `recent --mask` is in the manual of 1.4.18 (libxt_recent.man). Sources: CT came with 1.4.8 (9fdbaa7); 1.4.7 has its addrtype only
 * as libipt_addrtype, and kernels before 2.6.39 have it only for IPv4; both matches take UNTRACKED there, but stateful
 * rules of that time, Red Hat's own among them, are written with `-m state`. Before 1.4 the tracker was ip_conntrack, which
 * knows IPv4 alone.
 */
const DIALECTS: readonly (KernelRange & Dialect)[] = [
  { until: '1.4', ...OLD, tracksIpv6: false },
  { since: '1.4', until: '1.4.8', ...OLD, tracksIpv6: true },
  {
    since: '1.4.8',
    untrack: 'CT --notrack',
    state: '-m conntrack --ctstate',
    matchesLocalIpv6: true,
    tracksIpv6: true,
    hasLease: true,
  },
];

/** `version` as in the distribution's row; versions of iptables are counted like those of kernels. */
export function dialectOf(version: string): Dialect {
  return forKernel(parseKernelVersion(version), DIALECTS) as Dialect;
}
