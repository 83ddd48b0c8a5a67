import { INT_MAX, INT_MIN, MAX_SECONDS, SECONDS } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

const THRESHOLDS = [
  { name: 'gc_thresh1', entries: 128, summary: 'up to this number none is removed' },
  { name: 'gc_thresh2', entries: 512, summary: 'above this number those older than 5 s are removed' },
  { name: 'gc_thresh3', entries: 1024, summary: 'at this number there is no room for another' },
];

const FAMILIES = ['ipv4', 'ipv6'] as const;

const TIMERS: readonly ParameterRow[] = FAMILIES.map((family) => ({
  name: `net.${family}.neigh.default.gc_stale_time`,
  kind: 'sysctl',
  exists: {},
  type: 'integer',
  unit: 'seconds',
  accepts: SECONDS,
  safe: { min: 1, max: MAX_SECONDS },
  harm: 'then entries are asked for again and again',
  defaults: [{ value: 60 }],
  scope: [{ scope: 'machine-hidden' }],
  effect: 'new-devices',
  dangers: ['Interfaces that are there already keep their own value.'],
  summary: `How long an unused neighbour of ${family === 'ipv4' ? 'IPv4 (ARP)' : 'IPv6 (NDP)'} counts as known.`,
  source: 'net/core/neighbour.c',
}));

const THRESHOLDS_OF_TABLES: readonly ParameterRow[] = FAMILIES.flatMap((family) =>
  THRESHOLDS.map(
    ({ name, entries, summary }): ParameterRow => ({
      name: `net.${family}.neigh.default.${name}`,
      kind: 'sysctl',
      exists: {},
      type: 'integer',
      unit: 'entries',
      accepts: [
        { until: '3.13', min: INT_MIN, max: INT_MAX },
        { since: '3.13', min: 0, max: INT_MAX },
      ],
      safe: { min: 0, max: INT_MAX },
      defaults: [{ value: entries }],
      scope: [{ scope: 'machine-hidden' }],
      effect: 'at-once',
      dangers: ['The kernel does not check that the three thresholds rise.'],
      redhat: { '6': { accepts: { min: 0, max: INT_MAX } }, '7': { accepts: { min: 0, max: INT_MAX } } },
      summary: `Neighbours of ${family === 'ipv4' ? 'IPv4 (ARP)' : 'IPv6 (NDP)'}: ${summary}.`,
      source: 'net/core/neighbour.c',
    }),
  ),
);

/** Hosts on the same network whose hardware address the kernel remembers. */
export const NEIGHBOURS: readonly ParameterRow[] = [...THRESHOLDS_OF_TABLES, ...TIMERS];
