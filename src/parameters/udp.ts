import { INT_MAX, LONG_MAX, namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

const LEAST = [
  { name: 'udp_rmem_min', direction: 'receive' },
  { name: 'udp_wmem_min', direction: 'send' },
];

/** Memory of UDP. Source: net/ipv4/udp.c, read in 2.6.32 to 6.14. */
export const UDP: readonly ParameterRow[] = [
  {
    name: 'net.ipv4.udp_mem',
    kind: 'sysctl',
    exists: { since: '2.6.25', unverified: true },
    type: 'triple',
    unit: 'pages',
    accepts: [
      { until: '2.6.37', min: 0, max: INT_MAX, unverified: true },
      { since: '2.6.37', min: 0, max: LONG_MAX, unverified: true },
    ],
    safe: { min: 1, max: INT_MAX },
    harm: 'then UDP gets no memory, or has no limit',
    defaults: [{ formula: '3/4, 1 and 3/2 of an eighth of low memory (from 2.6.39 on)' }],
    scope: [{ scope: 'machine-hidden' }],
    effect: 'at-once',
    dangers: ['It counts pages, not bytes: a number of bytes switches the limit off.'],
    summary:
      'Memory of all UDP sockets: below the first nothing is done, above the second less is kept, the third is the end.',
    source: 'net/ipv4/udp.c',
  },
  ...LEAST.map(
    ({ name, direction }): ParameterRow => ({
      name: `net.ipv4.${name}`,
      kind: 'sysctl',
      exists: { since: '2.6.25', unverified: true },
      type: 'integer',
      unit: 'bytes',
      accepts: [
        { until: '3.7', min: 0, max: INT_MAX, unverified: true },
        { since: '3.7', min: 1, max: INT_MAX, unverified: true },
      ],
      safe: { min: 1, max: INT_MAX },
      defaults: [{ value: 4096, formula: '4,096; a page on some kernels with large pages' }],
      scope: namespacedSince('4.18', true),
      effect: 'at-once',
      redhat: { '8': { scope: 'namespace' } },
      summary: `What a UDP socket may always use of its ${direction} buffer, however short memory is.`,
      source: 'net/ipv4/udp.c',
    }),
  ),
];
