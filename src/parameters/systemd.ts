import { MAX_DESCRIPTORS } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** Limits of the unit that runs the server. */
export const SYSTEMD: readonly ParameterRow[] = [
  {
    name: 'LimitNOFILE',
    kind: 'systemd',
    exists: {},
    type: 'integer',
    unit: 'descriptors',
    accepts: [{ min: 1, max: MAX_DESCRIPTORS }],
    safe: { min: 1024, max: MAX_DESCRIPTORS },
    defaults: [{ formula: '1,024, which a program may raise to 524,288' }],
    effect: 'server-start',
    dangers: ['Above fs.nr_open the unit does not start.'],
    withServer: {
      apache: {
        dangers: ["Debian's apachectl sets its own limit after it, unless APACHE_ULIMIT_MAX_FILES says otherwise."],
        source: '/usr/sbin/apache2ctl of Debian 12',
      },
    },
    summary: 'Files and connections that each process of the unit may have open.',
    source: 'systemd.exec(5) of 252',
  },
];
