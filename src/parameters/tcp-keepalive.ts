import { BYTE, MAX_SECONDS, namespacedSince, SECONDS } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** The same bound that a program has, which sets it for one socket. */
const MAX_SECONDS_OF_A_SOCKET = 32767;

const SHARED = {
  kind: 'sysctl',
  exists: {},
  type: 'integer',
  scope: namespacedSince('4.5', true),
  effect: 'next-timer',
  redhat: { '7': { scope: 'namespace' } },
  source: 'net/ipv4/tcp_timer.c',
} as const;

const ONLY_ON_REQUEST = 'It does nothing for programs that do not ask for keepalive.';

/** Probes that keep idle connections, and their entries on the way, alive. */
export const TCP_KEEPALIVE: readonly ParameterRow[] = [
  {
    ...SHARED,
    name: 'net.ipv4.tcp_keepalive_time',
    unit: 'seconds',
    accepts: SECONDS,
    safe: { min: 1, max: MAX_SECONDS },
    usual: { min: 30, max: MAX_SECONDS, below: 'idle connections send probes all the time' },
    defaults: [{ value: 7200 }],
    dangers: [ONLY_ON_REQUEST, 'The first probe has to come before an entry on the way ends.'],
    summary: 'Idle time before the first keepalive probe, on sockets that ask for keepalive.',
  },
  {
    ...SHARED,
    name: 'net.ipv4.tcp_keepalive_intvl',
    unit: 'seconds',
    accepts: SECONDS,
    safe: { min: 1, max: MAX_SECONDS },
    usual: {
      min: 5,
      max: MAX_SECONDS_OF_A_SOCKET,
      below: 'a short outage ends idle connections',
      above: 'programs cannot set as much for a single socket',
    },
    defaults: [{ value: 75 }],
    dangers: [ONLY_ON_REQUEST],
    summary: 'Time between keepalive probes that nobody answers.',
  },
  {
    ...SHARED,
    name: 'net.ipv4.tcp_keepalive_probes',
    unit: 'probes',
    accepts: BYTE,
    safe: { min: 1, max: 127 },
    usual: { min: 3, max: 127, below: 'one or two lost packets end an idle connection' },
    defaults: [{ value: 9 }],
    dangers: [ONLY_ON_REQUEST],
    summary: 'Keepalive probes without an answer after which the connection ends.',
  },
];
