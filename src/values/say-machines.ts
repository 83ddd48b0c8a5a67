import type { Problem } from './problem.ts';

/** `8GiB, 16GiB; the numbers are those of 8GiB`; nothing for a profile that is for one machine. */
export function sayMachines({ machines, numbersOf }: Problem): string | undefined {
  if (machines === undefined) return undefined;
  return `${machines.join(', ')}${numbersOf === undefined ? '' : `; the numbers are those of ${numbersOf}`}`;
}
