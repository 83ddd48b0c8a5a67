import type { ParameterRow } from '../parameters/parameter.ts';
import type { Value } from './plan.ts';
import { formatPorts, normalizePorts, parsePorts } from './ports.ts';

/** A value as a file spells it. */
export function formatValue(value: Value): string {
  return [value].flat().map(formatNumber).join(' ');
}

/** JavaScript has no number for the kernel's largest longs, 2^63 - 1 and 2^64 - 1, but only for those above them. */
function formatNumber(number: number | string): string {
  if (number === 2 ** 64) return LONGEST_UNSIGNED;
  return number === 2 ** 63 ? LONGEST : String(number);
}

const LONGEST = '9223372036854775807';
const LONGEST_UNSIGNED = '18446744073709551615';

/** A value as a user wrote it, in the parameter's own shape; undefined when it has another shape. */
export function readValue(row: ParameterRow | undefined, written: string | number): Value | undefined {
  const text = String(written).trim().replace(/\s+/g, ' ');
  if (!row) return text.split(' ').map(asKernelPrints).join(' ');
  return READERS[row.type](text);
}

const READERS: Readonly<Record<ParameterRow['type'], (text: string) => Value | undefined>> = {
  integer: (text) => readNumbers(text, 1)?.[0] ?? (isLong(text) ? text : undefined),
  boolean: (text) => (text === '0' || text === '1' ? Number(text) : undefined),
  'port-range': (text) => readRising(text, 2),
  ports: readPortList,
  triple: (text) => readRising(text, 3),
  word: (text) => (WORD.test(text) ? text : undefined),
  words: readWords,
};

/** What no number holds exactly. Of 19 digits only the largest: others would be rounded to what lies beyond it. */
function isLong(text: string): boolean {
  const isUnsigned = /^\d{20}$/.test(text) && text <= LONGEST_UNSIGNED;
  return /^\d{16,18}$/.test(text) || text === LONGEST || isUnsigned;
}

/** The kernel keeps 16 bytes of a name, the last of which ends it. */
const WORD = /^[A-Za-z][A-Za-z0-9_-]{0,14}$/;

/** In one order, each once: the kernel takes them in any, and prints them in its own. */
function readWords(text: string): string | undefined {
  const words = text.split(' ');
  return words.every((word) => WORD.test(word)) ? [...new Set(words)].sort().join(' ') : undefined;
}

/** A kernel prints a number without a sign and without leading zeros. */
function asKernelPrints(word: string): string {
  return /^\+?\d{1,15}$/.test(word) ? String(Number(word)) : word;
}

/** Numbers of which none is less than the one before. */
function readRising(text: string, count: number): readonly number[] | undefined {
  const numbers = readNumbers(text, count);
  return numbers?.every((number, index) => number >= (numbers[index - 1] ?? number)) ? numbers : undefined;
}

/** Up to 15 digits: what a number holds exactly. */
function readNumbers(text: string, count: number): readonly number[] | undefined {
  const words = text.split(' ');
  return words.length === count && words.every((word) => /^-?\d{1,15}$/.test(word)) ? words.map(Number) : undefined;
}

/** Ports and ranges with commas between them, in order; undefined for anything else, such as a range that falls. */
function readPortList(text: string): string | undefined {
  const items = text.split(',');
  if (!items.every((item) => /^\d{1,15}(-\d{1,15})?$/.test(item))) return undefined;
  const ranges = items.map(parsePorts);
  if (ranges.some(({ first, last }) => first > last)) return undefined;
  return formatPorts(normalizePorts(ranges)).join(',');
}
