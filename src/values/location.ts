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
  const before = file.text.slice(0, start);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: countNewlines(before) + 1, column: [...before.slice(lineStart)].length + 1 };
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The part of its first line that a location covers; `endColumn` is exclusive. */
export interface LineRange extends Position {
  readonly endColumn: number;
}

export function rangeOf(location: Location): LineRange {
  const { file, start, end } = location;
  const { line, column } = positionOf(location);
  const lineEnd = file.text.slice(start).search(/\r?\n|$/) + start;
  return { line, column, endColumn: column + [...file.text.slice(start, Math.min(end, lineEnd))].length };
}
