import { standInFor } from '../parameters/known-kernels.ts';
import type { Check } from './check.ts';

export const kernelIsKnown: Check = {
  id: 'kernel-is-known',
  severity: 'error',
  softens: true,
  what: '`host.kernel` is a release that exists, from 2.6.12 to the newest that nettune knows. A newer one is a warning.',
  why: 'Names, ranges and defaults differ from kernel to kernel: on a kernel that nobody has read they can be wrong.',
  fix: 'Write the first numbers of what `uname -r` prints, such as 6.1, or leave it to the distribution.',
  source: '69 kernel trees from 2.6.18 to 7.2',
  find: ({ host }) => {
    const { note, remedy, isMistake } = standInFor(host.kernel);
    if (note === undefined) return [];
    return [{ message: note, remedy, causes: ['host.kernel'], severity: isMistake ? 'error' : 'warning' }];
  },
};
