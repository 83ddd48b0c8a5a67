import { MAX_DESCRIPTORS } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** Directives of Squid. */
export const SQUID: readonly ParameterRow[] = [
  {
    name: 'max_filedescriptors',
    kind: 'squid',
    exists: {},
    type: 'integer',
    unit: 'descriptors',
    accepts: [{ min: 1, max: MAX_DESCRIPTORS }],
    safe: { min: 256, max: MAX_DESCRIPTORS },
    defaults: [{ formula: 'the limit that Squid is started with' }],
    effect: 'server-start',
    dangers: [
      'Above the limit of the unit (LimitNOFILE) it is cut, with a line in cache.log.',
      'The accept queue is a quarter of it: too few descriptors make a short queue.',
    ],
    summary: 'Files and connections that Squid may have open. Its accept queue is a quarter of it.',
    source: 'squid.conf.documented of 5.7; TcpAcceptor.cc',
  },
  ...(['client', 'server'] as const).map(
    (side): ParameterRow => ({
      name: `${side}_persistent_connections`,
      kind: 'squid',
      exists: {},
      type: 'word',
      unit: '',
      words: [{ word: 'on' }, { word: 'off' }],
      defaults: [{ value: 'on' }],
      effect: 'new-connections',
      dangers: ['Off, each request takes a connection of its own: a port and a socket in TIME_WAIT for each.'],
      summary: `Whether a connection to a ${side} serves several requests.`,
      source: 'squid.conf.documented of 5.7',
    }),
  ),
];
