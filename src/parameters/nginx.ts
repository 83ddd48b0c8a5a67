import type { ParameterRow } from './parameter.ts';

/** Parameters of nginx; none of them can be set in a file of one's own. */
export const NGINX: readonly ParameterRow[] = [
  {
    name: 'listen backlog',
    kind: 'nginx',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: [{ min: 1, max: 2147483647 }],
    safe: { min: 1, max: 2147483647 },
    defaults: [{ value: 511 }],
    effect: 'server-start',
    dangers: [
      'It belongs to one listen directive of each address and port: on a second one nginx refuses its configuration.',
    ],
    summary:
      'The accept queue that nginx asks for, at each address and port; the kernel cuts it to net.core.somaxconn.',
    source: 'nginx documentation, ngx_http_core_module; tried with 1.22',
  },
  {
    name: 'worker_connections',
    kind: 'nginx',
    exists: {},
    type: 'integer',
    unit: 'connections',
    accepts: [{ min: 1, max: 2147483647 }],
    safe: { min: 256, max: 2147483647 },
    defaults: [{ value: 512 }],
    effect: 'server-start',
    dangers: ['Connections to the servers behind nginx count as well.'],
    summary: 'Connections that each worker process may have.',
    source: 'nginx documentation, ngx_core_module',
  },
];
