import { standInFor } from '../parameters/known-kernels.ts';
import { noteOnUnreadKernel } from '../values/read-kernels.ts';
import type { Check } from './check.ts';

const UNREAD = {
  remedy: 'compare `sysctl -a` of the host with the plan, and allow `kernel-is-known`, or use a kernel that was read',
  causes: ['host.kernel'],
  severity: 'warning',
} as const;

export const kernelIsKnown: Check = {
  id: 'kernel-is-known',
  severity: 'error',
  softens: true,
  what: '`host.kernel` is a release that exists, from 2.6.12 to the newest that nettune knows. A newer one is a warning, and so is one between two that were read.',
  why: 'Names, ranges and defaults differ from kernel to kernel: on a kernel that nobody has read they can be wrong.',
  fix: 'Write the first numbers of what `uname -r` prints, such as 6.1, or leave it to the distribution.',
  source: '69 kernel trees from 2.6.18 to 7.2',
  find: ({ host }) => {
    const { note, remedy, isMistake } = standInFor(host.kernel);
    if (note !== undefined)
      return [{ message: note, remedy, causes: ['host.kernel'], severity: isMistake ? 'error' : 'warning' }];
    const unread = noteOnUnreadKernel(host);
    return unread === undefined ? [] : [{ message: unread, ...UNREAD }];
  },
};
