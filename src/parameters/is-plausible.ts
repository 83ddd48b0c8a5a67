import type { KernelBuild } from '../values/host.ts';
import type { Value } from '../values/plan.ts';
import { readPorts } from '../values/ports.ts';
import { acceptedOn, safeOn } from './on-kernel.ts';
import type { Bounds, ParameterRow } from './parameter.ts';

/** Whether this kernel takes the value, and nettune is willing to write it: anything else takes no part in a plan. */
export function isPlausible(row: ParameterRow, value: Value, build: KernelBuild): boolean {
  const bounds = [acceptedOn(row, build), safeOn(row, build)].filter((each): each is Bounds => each !== undefined);
  return numbersOf(row, value).every((number) => bounds.every(({ min, max }) => number >= min && number <= max));
}

/** What bounds are for: the numbers in a value. Words have none. */
export function numbersOf({ type }: ParameterRow, value: Value): number[] {
  if (type === 'ports') return readPorts(value).flatMap(({ first, last }) => [first, last]);
  return type === 'word' || type === 'words' ? [] : [value].flat().map(Number);
}
