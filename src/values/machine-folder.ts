import type { Plan } from './plan.ts';

/** Where the files of a machine lie that not all machines of the profile share. */
export const MACHINES = 'machines';

const OF_A_MACHINE = new RegExp(`^${MACHINES}/[^/]+/`);

/** Where a file of this machine alone lies, below the profile's folder. */
export function placeOf({ machine }: Plan, path: string): string {
  return machine === undefined ? path : `${MACHINES}/${machine}/${path}`;
}

/** The same path, below the profile's folder, for a file that all machines share. */
export function withoutMachine(path: string): string {
  return path.replace(OF_A_MACHINE, '');
}
