import type { ParameterRow, ParameterType } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { nearestWord } from '../parameters/words.ts';
import { quote } from '../text/printable.ts';
import { readValue } from '../values/format-value.ts';
import type { Breach, Check } from './check.ts';

const SHAPES: Readonly<Record<ParameterType, string>> = {
  integer: 'one whole number of up to 20 digits',
  boolean: '0 or 1',
  'port-range': 'two ports, the lower one first',
  ports: 'ports and ranges with commas between them, the lower port of a range first',
  triple: 'three whole numbers, none less than the one before',
  word: 'one name of up to 15 letters, digits, _ and -',
  words: 'names of up to 15 letters, digits, _ and -, with blanks between',
};

export const valueHasShape: Check = {
  id: 'value-has-shape',
  severity: 'error',
  what: 'Each value of `sysctl` has the shape of its parameter: a number, two ports, three sizes, a name.',
  why: 'A value of another shape is refused by the kernel, or read as something else, and nothing can be worked out from it.',
  fix: 'Write it as `nettune parameters NAME` shows.',
  source: 'the parsers of the kernel',
  mandatory: true,
  find: ({ profile }) => Object.entries(profile.sysctl ?? {}).flatMap(([name, { value }]) => breachOf(name, value)),
};

function breachOf(name: string, written: string | number): Breach[] {
  const row = findParameter(name);
  if (!row || readValue(row, written) !== undefined) return [];
  return [
    {
      message: `${quote(written)} is not a value for ${name}`,
      remedy: describeShape(row, String(written)),
      causes: [`sysctl.${name}.value`],
    },
  ];
}

function describeShape(row: ParameterRow, written: string): string {
  const likely = nearestWord(written, row);
  return likely === undefined ? `it takes ${SHAPES[row.type]}` : `did you mean \`${likely}\`?`;
}
