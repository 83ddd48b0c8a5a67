import { INT_MAX, INT_MIN, LONG_MAX, MAX_DESCRIPTORS } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** Open files: every connection is one. */
export const FILES: readonly ParameterRow[] = [
  {
    name: 'fs.file-max',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: 'open files',
    accepts: [
      { until: '2.6.37', min: INT_MIN, max: INT_MAX },
      { since: '2.6.37', min: 0, max: LONG_MAX },
    ],
    safe: { min: 8192, max: LONG_MAX },
    defaults: [{ formula: 'a tenth of memory in KiB, at least 8,192; systemd raises it to the maximum at boot' }],
    scope: [{ scope: 'machine-writable' }],
    effect: 'at-once',
    dangers: [
      'Below what is in use every program fails to open files.',
      'A container that may write it changes the whole machine.',
    ],
    redhat: { '6': { accepts: { min: 0, max: LONG_MAX } } },
    summary: 'Files that may be open on the whole machine; sockets count.',
    source: 'fs/file_table.c',
  },
  {
    name: 'fs.nr_open',
    kind: 'sysctl',
    exists: { since: '2.6.25' },
    type: 'integer',
    unit: 'descriptors',
    accepts: [{ min: 64, max: MAX_DESCRIPTORS }],
    safe: { min: 1024, max: MAX_DESCRIPTORS },
    defaults: [{ value: 1048576 }],
    scope: [{ scope: 'machine-writable' }],
    effect: 'new-limits',
    dangers: ['A unit whose LimitNOFILE is higher does not start.'],
    redhat: { '5': { exists: true, accepts: { min: INT_MIN, max: INT_MAX } } },
    summary: 'The highest limit of open files that a process can have.',
    source: 'fs/file.c, commit 9cfe015aa424',
  },
];
