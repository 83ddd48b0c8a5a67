import type { KernelBuild } from '../values/host.ts';
import type { Value } from '../values/plan.ts';
import { acceptedOn } from './on-kernel.ts';
import type { Bounds, ParameterRow } from './parameter.ts';

/** Whether this kernel takes the value, and nettune is willing to write it: anything else takes no part in a plan. */
export function isPlausible(row: ParameterRow, value: Value, build: KernelBuild): boolean {
  const bounds = [acceptedOn(row, build), row.safe].filter((each): each is Bounds => each !== undefined);
  const numbers = typeof value === 'string' ? [] : [value].flat();
  return numbers.every((number) => bounds.every(({ min, max }) => number >= min && number <= max));
}
