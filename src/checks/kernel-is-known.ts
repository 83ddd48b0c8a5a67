import { standInFor } from '../parameters/known-kernels.ts';
import type { Check } from './check.ts';

export const kernelIsKnown: Check = {
  id: 'kernel-is-known',
  severity: 'warning',
  why: 'Names, ranges and defaults differ from kernel to kernel: those of one that nobody has read can be wrong.',
  source: '69 kernel trees from 2.6.18 to 7.2',
  find: ({ host }) => {
    const { note, remedy, isMistake } = standInFor(host.kernel);
    if (note === undefined) return [];
    return [{ message: note, remedy, causes: ['host.kernel'], severity: isMistake ? 'error' : 'warning' }];
  },
};
