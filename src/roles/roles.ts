import type { Profile } from '#generated/profile.ts';
import type { RoleRow, RoleTimeout } from './role.ts';

/** TIME_WAIT of the kernel's own sockets; an entry that outlives them keeps nothing alive. */
const TIME_WAIT: RoleTimeout = {
  seconds: 60,
  because: 'the sockets themselves stay in TIME_WAIT for 60 s, so keeping the entry longer has no benefit',
};

/** RFC 5382 REQ-5 and RFC 7857: connections that are opening or closing keep their mapping for 4 minutes. */
const TRANSITORY: RoleTimeout = {
  seconds: 240,
  because: 'RFC 5382 asks a NAT to keep opening and closing connections for at least 4 minutes',
};

const OPENING: RoleTimeout = {
  ...TRANSITORY,
  because: `${TRANSITORY.because}; what nobody answers stays as long, 240 entries for each SYN a second of a scan from inside`,
};

export const ROLES: readonly RoleRow[] = [
  {
    role: 'web-server',
    title: 'web server',
    serves: true,
    opensForEach: false,
    memoryShare: 0.02,
    longestIdle: { seconds: 60, because: 'httpd gives up a connection after 60 s without data (TimeOut)' },
    timeouts: {
      established: {
        seconds: 3600,
        because:
          'the kernel would keep the entry of a peer that vanished for 5 days; a connection that lives renews its entry with each packet, and an idle one by a keepalive probe, where its program asks for that',
      },
      timeWait: TIME_WAIT,
    },
  },
  {
    role: 'squid-proxy',
    title: 'Squid proxy',
    serves: true,
    opensForEach: true,
    memoryShare: 0.02,
    longestIdle: { seconds: 900, because: 'Squid gives up a connection after 15 minutes without data (read_timeout)' },
    timeouts: {
      established: {
        seconds: 3600,
        because:
          'Squid gives up an idle connection after 15 minutes (read_timeout), so an entry that is idle for an hour is no longer needed; the kernel would keep it for 5 days',
      },
      timeWait: TIME_WAIT,
    },
  },
  {
    role: 'nat-gateway',
    title: 'NAT gateway',
    serves: false,
    opensForEach: false,
    memoryShare: 0.1,
    trackingNeeded:
      'a NAT gateway translates addresses, and an untracked packet is never translated: it would leave with its private address',
    timeouts: {
      established: {
        seconds: 7440,
        because:
          'RFC 5382 asks for at least 2 h 4 min, four minutes more than the 2 h after which clients send a keepalive; the kernel keeps 5 days',
      },
      synSent: OPENING,
      synReceived: TRANSITORY,
      finWait: TRANSITORY,
      closeWait: TRANSITORY,
      lastAck: TRANSITORY,
      timeWait: TRANSITORY,
      udp: {
        seconds: 120,
        because: 'RFC 4787 asks a NAT to keep a UDP mapping for at least 2 minutes; the kernel keeps 30 s',
      },
      udpStream: {
        seconds: 300,
        because: 'RFC 4787 recommends 5 minutes for UDP mappings; the kernel keeps 2, or 3 before 5.0',
      },
      icmp: {
        seconds: 60,
        because: 'RFC 5508 asks a NAT to keep an ICMP query for at least 60 s; the kernel keeps 30',
      },
    },
    leavesAlone: [
      {
        parameter: 'net.netfilter.nf_conntrack_tcp_timeout_close',
        because:
          'A connection that was reset stays for the 10 s of the kernel (tcp_timeout_close). RFC 7857 recommends 4 minutes, since the reset may be forged. But the kernel accepts only a reset that fits the sequence. Clients reset many connections: 4 minutes for each would cost more ports and entries than forged resets do harm.',
      },
    ],
  },
];

export function roleRow(role: Profile['role']): RoleRow {
  return ROLES.find((row) => row.role === role) as RoleRow;
}
