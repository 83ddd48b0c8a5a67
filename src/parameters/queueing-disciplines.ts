import type { Word } from './parameter.ts';

/** Red Hat 9 and 10 are built without it. */
const NOT_IN_REDHAT_9 = { '9': false, '10': false } as const;

/**
 * What a network device can send by without being told more, by the `id` in net/sched/sch_*.c; those that need classes or
 * rates (htb, tbf, red) are no default. Read in the kernels of congestion-controls.ts. Debian 12 builds all of them.
 */
export const QUEUEING_DISCIPLINES: readonly Word[] = [
  { word: 'pfifo_fast' },
  { word: 'pfifo' },
  { word: 'bfifo' },
  // 3.11 has none, 3.13 has it; the key came with it.
  { word: 'fq', module: 'sch_fq', since: '3.12', unverified: true, redhat: { '7': true } },
  // Built in where it is the default: by Debian 12 and by Red Hat from 8 on.
  { word: 'fq_codel', module: 'sch_fq_codel', since: '3.5' },
  { word: 'cake', module: 'sch_cake', since: '4.19' },
  { word: 'codel', module: 'sch_codel', since: '3.5', redhat: NOT_IN_REDHAT_9 },
  // 6.14 has none.
  { word: 'dualpi2', module: 'sch_dualpi2', since: '6.17', unverified: true },
  // 5.4 has none.
  { word: 'fq_pie', module: 'sch_fq_pie', since: '5.6', unverified: true, redhat: NOT_IN_REDHAT_9 },
  { word: 'hhf', module: 'sch_hhf', since: '3.14', redhat: { '7': true, ...NOT_IN_REDHAT_9 } },
  { word: 'pie', module: 'sch_pie', since: '3.14', redhat: { '7': true, ...NOT_IN_REDHAT_9 } },
  { word: 'sfq', module: 'sch_sfq' },
];
