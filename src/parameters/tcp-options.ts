import { ANY_INT, BYTE, beforeByte, INT_MAX, INT_MIN, namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

const COMMON = { kind: 'sysctl', exists: {}, effect: 'new-connections', source: 'net/ipv4/sysctl_net_ipv4.c' } as const;

const SWITCH = { ...COMMON, type: 'boolean', unit: '', accepts: BYTE } as const;

/** What TCP negotiates, and how it finds its sizes. Read in 2.6.18 to 6.14. */
export const TCP_OPTIONS: readonly ParameterRow[] = [
  {
    ...SWITCH,
    name: 'net.ipv4.tcp_window_scaling',
    defaults: [{ value: 1 }],
    scope: namespacedSince('4.13', true),
    dangers: ['0 limits every connection to 64 KiB in flight.'],
    summary: 'Whether windows above 64 KiB are offered.',
  },
  {
    ...SWITCH,
    name: 'net.ipv4.tcp_sack',
    defaults: [{ value: 1 }],
    scope: namespacedSince('4.13', true),
    dangers: [
      '0 sends far more again after a loss. It was the stopgap for CVE-2019-11477, which kernels since then have mended.',
    ],
    summary: 'Whether a receiver may say which segments it has (selective acknowledgements).',
  },
  {
    ...SWITCH,
    name: 'net.ipv4.tcp_dsack',
    defaults: [{ value: 1 }],
    scope: namespacedSince('4.15', true),
    summary: 'Whether a receiver says which segments came twice.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.tcp_ecn',
    type: 'integer',
    unit: '',
    accepts: [
      ...beforeByte({ min: INT_MIN, max: INT_MAX }),
      { since: '5.13', until: '5.15', min: 0, max: 255, unverified: true },
      { since: '5.15', min: 0, max: 2, unverified: true },
    ],
    safe: { min: 0, max: 2 },
    defaults: [
      { until: '2.6.31', value: 0, unverified: true },
      { since: '2.6.31', value: 2, unverified: true },
    ],
    scope: namespacedSince('3.10', true),
    dangers: ['1 meets old devices on the way that drop what asks for it.'],
    redhat: { '7': { scope: 'namespace' }, '9.2': { accepts: { min: 0, max: 2 } } },
    summary:
      'Whether routers may mark instead of drop (ECN): 0 never, 1 also asked for, 2 only when the other side asks.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.tcp_mtu_probing',
    exists: { since: '2.6.17' },
    type: 'integer',
    unit: '',
    accepts: BYTE,
    safe: { min: 0, max: 2 },
    defaults: [{ value: 0 }],
    scope: namespacedSince('4.1', true),
    summary: 'Whether TCP finds the largest segment by itself: 0 no, 1 when large ones vanish, 2 always.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.tcp_base_mss',
    exists: { since: '2.6.17' },
    type: 'integer',
    unit: 'bytes',
    accepts: ANY_INT,
    safe: { min: 48, max: 65495 },
    harm: 'no segment can be that small or that large',
    defaults: [
      { until: '4.1', value: 512, unverified: true },
      { since: '4.1', value: 1024, unverified: true },
    ],
    scope: namespacedSince('4.1', true),
    summary: 'The segment that tcp_mtu_probing begins with.',
  },
  {
    ...SWITCH,
    name: 'net.ipv4.tcp_moderate_rcvbuf',
    defaults: [{ value: 1 }],
    scope: namespacedSince('4.15', true),
    effect: 'at-once',
    dangers: ['0 keeps every connection at the first receive buffer of tcp_rmem.'],
    summary: 'Whether the receive buffer grows by itself, up to the last number of tcp_rmem.',
  },
  {
    ...SWITCH,
    name: 'net.ipv4.tcp_no_metrics_save',
    defaults: [{ value: 0 }],
    scope: namespacedSince('4.15', true),
    effect: 'closing-connections',
    dangers: ['0 lets one bad connection slow down the next ones to the same host.'],
    summary: 'Whether what a connection learnt of the way is forgotten when it closes.',
  },
  {
    ...COMMON,
    name: 'net.ipv4.tcp_adv_win_scale',
    type: 'integer',
    unit: '',
    accepts: [
      { until: '3.4', min: INT_MIN, max: INT_MAX, unverified: true },
      { since: '3.4', min: -31, max: 31, unverified: true },
    ],
    safe: { min: -31, max: 31 },
    defaults: [
      { until: '3.4', value: 2, unverified: true },
      { since: '3.4', value: 1, unverified: true },
    ],
    scope: namespacedSince('4.15', true),
    effect: 'at-once',
    dangers: ['From 6.6 on it does nothing: the kernel measures the share itself.'],
    summary:
      'Which share of a receive buffer is offered as window: 1 a half, 2 three quarters; negative, a small part.',
  },
];
