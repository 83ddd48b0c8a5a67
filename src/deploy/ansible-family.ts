import type { DistributionRow } from '../distributions/distribution.ts';

const FAMILIES = { debian: 'Debian', redhat: 'RedHat' } as const;

/** As Ansible's facts name it; the host program uses the same names. */
export function ansibleFamily({ family }: DistributionRow): string {
  return FAMILIES[family];
}
