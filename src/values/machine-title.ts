import type { Plan } from './plan.ts';

/** `shop`, or `shop (8GiB)` for one of several machines. */
export function machineTitle({ name, machine }: Pick<Plan, 'name' | 'machine'>): string {
  return machine === undefined ? name : `${name} (${machine})`;
}
