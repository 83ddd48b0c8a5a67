import type { ParameterRow } from './parameter.ts';

/** Parameters of HAProxy. */
export const HAPROXY: readonly ParameterRow[] = [
  {
    name: 'maxconn',
    kind: 'haproxy',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: [{ min: 1, max: 2147483647 }],
    safe: { min: 256, max: 2147483647 },
    defaults: [{ formula: 'half of the descriptors that HAProxy is started with' }],
    effect: 'server-start',
    dangers: [
      'HAProxy does not start where it may not have two descriptors for each, and some besides.',
      'The first global section that says it counts: for a second one HAProxy prints an alert, and goes on.',
      'Before 2.0 a frontend that is told nothing has a maxconn, and a queue, of 2,000.',
      'A frontend with a maxconn or a backlog of its own, or of its defaults section, asks for a queue of that length.',
    ],
    summary: 'Connections of clients that HAProxy serves at once; also the accept queue that each frontend asks for.',
    source: 'configuration.txt of 2.6, global; tried with 2.6',
  },
];
