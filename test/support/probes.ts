import { LONG_MAX } from '../../src/parameters/bounds.ts';
import type { Bounds, ParameterRow } from '../../src/parameters/parameter.ts';
import { formatValue } from '../../src/values/format-value.ts';

/** A value, and whether the kernel should take it. */
export interface Probe {
  readonly value: string;
  readonly isTaken: boolean;
}

/** The least and the most that is taken, and what lies just outside of them. */
export function probesOf(row: ParameterRow, bounds: Bounds | undefined, ticksPerSecond: number): Probe[] {
  if (!bounds) throw new Error(`${row.name} has no bounds on this kernel`);
  const largest = Math.floor(2147483647 / ticksPerSecond);
  const { min, max } = bounds.byHz ? { min: -largest, max: largest } : inTicks(bounds, ticksPerSecond);
  return [
    { value: spread(row, min), isTaken: true },
    { value: spread(row, formatValue(max)), isTaken: true },
    { value: spread(row, min - 1), isTaken: false },
    ...(max < LONG_MAX ? [{ value: spread(row, max + 1), isTaken: false }] : []),
  ];
}

function inTicks({ min, max, minByHz }: Bounds, ticksPerSecond: number): Bounds {
  return { min: minByHz ? (min * 1000) / ticksPerSecond : min, max };
}

/** As many numbers as the parameter has. */
function spread({ type }: ParameterRow, number: number | string): string {
  const count = type === 'triple' ? 3 : type === 'port-range' ? 2 : 1;
  return Array(count).fill(number).join(' ');
}
