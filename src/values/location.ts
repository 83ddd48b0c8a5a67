/** The text of a file, for pointing into it. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
  /** False for a file that may not be a profile at all: its lines are never shown. */
  readonly quotable: boolean;
}

/** A range of a file, in UTF-16 offsets; `end` is exclusive. */
export interface Location {
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
}

/** Where a location starts, as editors count: both from 1, the column in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf({ file, start }: Location): Position {
  const lines = linesOf(file);
  const line = countUpTo(lines, start);
  return { line, column: countCharacters(file.text.slice(lines[line - 1], start)) + 1 };
}

/** Where each line starts, found once for all places in a file: a hostile one has thousands. */
const LINES = new WeakMap<SourceText, readonly number[]>();

function linesOf(file: SourceText): readonly number[] {
  const known = LINES.get(file);
  if (known) return known;
  const starts = [0];
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1);
  LINES.set(file, starts);
  return starts;
}

/** How many of these numbers, which rise, are at most `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of UTF-16, in which two units may be one character. */
function countCharacters(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/** The part of its first line that a location covers; `endColumn` is exclusive. */
export interface LineRange extends Position {
  readonly endColumn: number;
}

export function rangeOf(location: Location): LineRange {
  const { file, start, end } = location;
  const { line, column } = positionOf(location);
  const lineEnd = file.text.slice(start).search(/\r?\n|$/) + start;
  return { line, column, endColumn: column + countCharacters(file.text.slice(start, Math.min(end, lineEnd))) };
}
