import type { Profile } from '../../../generated/profile.ts';
import type { Load, Servers } from './load.ts';

/** Where things are in a row of three hosts: client ── host ── server. The one in the middle has the table. */
export const ADDRESSES = { host: '10.203.1.2', server: '10.203.2.2' } as const;

/** What clients do at the same time: how many new connections per second, and how many open at once. */
export interface Figures {
  readonly perSecond: number;
  readonly open: number;
}

/** Clients in a scenario, and what of a profile's traffic they stand for. */
export interface Clients extends Omit<Load, 'to' | 'longestSeconds'> {
  readonly name: string;
  readonly from: 'client' | 'host';
  readonly to: keyof typeof ADDRESSES;
}

/** A role under load, and its profile for any figures that the clients reach. */
export interface Scenario {
  readonly title: string;
  readonly clients: readonly Clients[];
  readonly servers: { readonly host?: Servers; readonly server?: Servers };
  readonly profile: (reached: (name: string) => Figures) => Profile;
  /** Rules of the host's own that make it track. */
  readonly tracksBy: readonly string[];
  /** The port to which connections keep ports of the host, and what keeps them. */
  readonly ports?: { readonly to: number; readonly kept: 'by sockets' | 'by translation' };
  /** A port of the host whose connections are untracked. */
  readonly untracked?: number;
  /** How long the load goes on: at least until entries of closed connections end as fast as new ones begin. */
  readonly seconds: number;
}

const TIME_WAIT_SECONDS = 5;
const UDP_STREAM_SECONDS = 6;
const FILTER = ['-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'];
const MASQUERADE = ['-t', 'nat', '-A', 'POSTROUTING', '-o', 'v2a', '-j', 'MASQUERADE'];
const HOST = { distribution: 'debian-12', memory: '1GiB' } as const;
const SOON_OVER = { timeouts: { timeWait: TIME_WAIT_SECONDS, udpStream: UDP_STREAM_SECONDS } } as const;
/** Of TIME_WAIT, and some for what is slow to begin. */
const TCP_RUN = TIME_WAIT_SECONDS + 2;
const UDP_RUN = UDP_STREAM_SECONDS + 4;

const served = { name: 'served', protocol: 'tcp', from: 'client', to: 'host', port: 80 } as const;
const toProxy = { name: 'outbound', protocol: 'tcp', from: 'host', to: 'server', port: 3128 } as const;
const forwarded = { protocol: 'tcp', from: 'client', to: 'server' } as const;

function inbound({ perSecond, open }: Figures) {
  return { ports: [80], connectionsPerSecond: perSecond, concurrentConnections: open };
}

const trackedServer: Scenario = {
  title: 'web server, all tracked',
  clients: [{ ...served, perSecond: 200, open: 300 }],
  servers: { host: { tcp: [80] } },
  tracksBy: FILTER,
  seconds: TCP_RUN,
  profile: (reached) => ({
    name: 'load',
    role: 'web-server',
    host: HOST,
    traffic: inbound(reached('served')),
    conntrack: SOON_OVER,
  }),
};

/** With the timeout that a host really has, for long enough to see what the kernel's collector does. */
export const AS_ON_A_HOST: Scenario = {
  ...trackedServer,
  seconds: 240,
  profile: (reached) => ({ ...trackedServer.profile(reached), conntrack: { timeouts: { timeWait: 60 } } }),
};

/** The roles, with timeouts that are short enough to watch entries end. */
export const SCENARIOS: readonly Scenario[] = [
  trackedServer,
  {
    title: 'web server, served untracked, asking a proxy',
    clients: [
      { ...served, perSecond: 200, open: 300 },
      { ...toProxy, perSecond: 150, open: 100 },
    ],
    servers: { host: { tcp: [80] }, server: { tcp: [3128] } },
    tracksBy: FILTER,
    ports: { to: 3128, kept: 'by sockets' },
    untracked: 80,
    seconds: TCP_RUN,
    profile: (reached) => ({
      name: 'load',
      role: 'web-server',
      host: HOST,
      firewall: { filter: 'iptables' },
      traffic: { ...inbound(reached('served')), outbound: [outbound(reached('outbound'))] },
      conntrack: { ...SOON_OVER, untracked: { served: true } },
    }),
  },
  {
    title: 'Squid, two connections for each request',
    clients: [{ ...served, perSecond: 150, open: 200 }],
    servers: { host: { proxies: [{ port: 80, to: ADDRESSES.server, toPort: 8080 }] }, server: { tcp: [8080] } },
    tracksBy: FILTER,
    ports: { to: 8080, kept: 'by sockets' },
    seconds: TCP_RUN,
    profile: (reached) => ({
      name: 'load',
      role: 'squid-proxy',
      host: HOST,
      traffic: { ...inbound(reached('served')), busiestDestinationShare: 1 },
      conntrack: SOON_OVER,
    }),
  },
  {
    title: 'NAT gateway, TCP and UDP',
    clients: [
      { ...forwarded, name: 'busiest', port: 443, perSecond: 140, open: 210 },
      { ...forwarded, name: 'others', port: 8443, perSecond: 60, open: 90 },
      { ...forwarded, name: 'udp', protocol: 'udp', port: 4433, perSecond: 100, open: 0 },
    ],
    servers: { server: { tcp: [443, 8443], udp: [4433] } },
    tracksBy: MASQUERADE,
    ports: { to: 443, kept: 'by translation' },
    seconds: UDP_RUN,
    profile: (reached) => ({
      name: 'load',
      role: 'nat-gateway',
      host: HOST,
      traffic: gatewayTraffic(reached('busiest'), reached('others'), reached('udp')),
      conntrack: SOON_OVER,
    }),
  },
];

/** What the clients are asked for. */
export function askedOf({ clients }: Scenario): (name: string) => Figures {
  return (name) => clients.find((each) => each.name === name) ?? { perSecond: 0, open: 0 };
}

function outbound({ perSecond, open }: Figures) {
  return { to: ADDRESSES.server, port: 3128, connectionsPerSecond: perSecond, concurrentConnections: open };
}

function gatewayTraffic(busiest: Figures, others: Figures, udp: Figures): NonNullable<Profile['traffic']> {
  const connectionsPerSecond = busiest.perSecond + others.perSecond;
  return {
    connectionsPerSecond,
    concurrentConnections: busiest.open + others.open,
    busiestDestinationShare: Math.round((busiest.perSecond / connectionsPerSecond) * 1000) / 1000,
    udpDialoguesPerSecond: udp.perSecond,
  };
}
