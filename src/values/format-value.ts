import type { ParameterRow } from '../parameters/parameter.ts';
import type { Value } from './plan.ts';
import { formatPorts, normalizePorts, parsePorts } from './ports.ts';

/** A value as a file spells it. */
export function formatValue(value: Value): string {
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** A value as a user wrote it, in the parameter's own shape; undefined when it has another shape. */
export function readValue(row: ParameterRow | undefined, written: string | number): Value | undefined {
  const text = String(written).trim().replace(/\s+/g, ' ');
  if (!row) return text;
  if (row.type === 'port-range') return readNumbers(text, 2);
  if (row.type === 'ports') return readPortList(text);
  return readNumbers(text, 1)?.[0];
}

function readNumbers(text: string, count: number): readonly number[] | undefined {
  const words = text.split(' ');
  return words.length === count && words.every((word) => /^-?\d{1,12}$/.test(word)) ? words.map(Number) : undefined;
}

/** Ports and ranges with commas between them, in order; undefined for anything else. */
export function readPortList(text: string): string | undefined {
  const items = text.split(',');
  if (!items.every((item) => /^\d{1,5}(-\d{1,5})?$/.test(item))) return undefined;
  return formatPorts(normalizePorts(items.map(parsePorts))).join(',');
}
