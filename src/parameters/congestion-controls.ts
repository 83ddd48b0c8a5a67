import type { Word } from './parameter.ts';

/** Not in Red Hat 9 and 10, whose kernels are built without it. */
const NOT_IN_REDHAT_9 = { '9': false, '10': false } as const;

/**
 * How fast TCP may send, by the name that net/ipv4/tcp_*.c registers. The files were read in 2.6.18, 2.6.21, 2.6.22, 3.5, 3.11
 * to 3.14, 3.16, 3.18, 4.1, 4.2, 4.7 to 4.9, 4.18 to 4.20, 5.4, 5.6, 6.1, 6.14, 6.17 and 6.18; those of Red Hat in 2.6.32-754,
 * 3.10.0-1160 and, with what they are built with, 4.18.0-240 to 6.12.0-55. Debian 12 builds all of them.
 */
export const CONGESTION_CONTROLS: readonly Word[] = [
  { word: 'reno' },
  // Built in by Debian and by Red Hat from 8 on; elsewhere it may be a module.
  { word: 'cubic', module: 'tcp_cubic' },
  { word: 'bbr', module: 'tcp_bbr', since: '4.9' },
  { word: 'bic', module: 'tcp_bic' },
  { word: 'cdg', module: 'tcp_cdg', since: '4.2', redhat: { '8': false, ...NOT_IN_REDHAT_9 } },
  // 3.16 has not.
  { word: 'dctcp', module: 'tcp_dctcp', since: '3.18', unverified: true, redhat: { '7': true } },
  { word: 'highspeed', module: 'tcp_highspeed', redhat: NOT_IN_REDHAT_9 },
  { word: 'htcp', module: 'tcp_htcp' },
  { word: 'hybla', module: 'tcp_hybla', redhat: NOT_IN_REDHAT_9 },
  {
    word: 'illinois',
    module: 'tcp_illinois',
    since: '2.6.22',
    redhat: { '9': false, '9.4': true, '10': false },
  },
  { word: 'lp', module: 'tcp_lp', redhat: NOT_IN_REDHAT_9 },
  { word: 'nv', module: 'tcp_nv', since: '4.8' },
  { word: 'scalable', module: 'tcp_scalable', redhat: NOT_IN_REDHAT_9 },
  { word: 'vegas', module: 'tcp_vegas', redhat: NOT_IN_REDHAT_9 },
  { word: 'veno', module: 'tcp_veno', redhat: NOT_IN_REDHAT_9 },
  { word: 'westwood', module: 'tcp_westwood' },
  { word: 'yeah', module: 'tcp_yeah', since: '2.6.22', redhat: NOT_IN_REDHAT_9 },
];
