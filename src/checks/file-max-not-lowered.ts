import { decisionOn } from '../values/decided.ts';
import type { Host } from '../values/host.ts';
import { compareKernels, parseKernelVersion } from '../values/kernel-version.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const NAME = 'fs.file-max';

/** Up to this release systemd leaves what the kernel has: its NEWS, 240. */
const RAISED_SINCE = '240';

export const fileMaxNotLowered: Check = {
  id: 'file-max-not-lowered',
  severity: 'warning',
  what: 'fs.file-max is not set where systemd (240 and later) has raised it to the maximum; elsewhere it is at least what the kernel has, a tenth of the memory in KiB.',
  why: 'A number from an old recipe is less than what the host has, for all programs together: when it is reached, none of them can open a file or take a connection.',
  fix: 'Remove the override: nothing has to be raised.',
  source: 'fs/file_table.c, files_maxfiles_init(); systemd NEWS, 240',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    if (typeof decision?.value !== 'number') return [];
    const standard = standardOn(plan.host);
    if (decision.value >= (standard ?? 2 ** 63)) return [];
    const has =
      standard === undefined
        ? 'systemd has already raised it to the maximum'
        : `the kernel has ${formatCount(standard)}`;
    return [
      {
        message: `${NAME} ${formatCount(decision.value)} lowers the limit of this host: ${has}`,
        remedy: 'remove it',
        causes: [...decision.causes, standard === undefined ? 'host.distribution' : 'host.memory'],
      },
    ];
  },
};

/** What the host has; undefined for the maximum. */
function standardOn({ memoryBytes, distribution }: Host): number | undefined {
  const { systemd } = distribution.programs;
  const isRaised =
    systemd !== undefined && compareKernels(parseKernelVersion(systemd), parseKernelVersion(RAISED_SINCE)) >= 0;
  return isRaised ? undefined : Math.max(8192, Math.floor(memoryBytes / 1024 / 10));
}
