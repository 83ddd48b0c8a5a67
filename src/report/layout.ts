import type { Style } from './style.ts';

/** Columns of a line of prose. */
export const WIDTH = 100;

/** Columns that a label takes of them. */
const LABEL = 16;

export type Line = readonly [label: string, text: string];

/** Lines with their labels in front; a text that is too long goes on below itself. */
export function labelled(lines: readonly Line[]): string[] {
  return lines.flatMap(([label, text]) =>
    wrap(text, WIDTH - LABEL).map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL - 2)}${line}`),
  );
}

/** A line only where there is something to say. */
export function optional(label: string, text: string | undefined): Line[] {
  return text === undefined ? [] : [[label, text]];
}

/** Several texts below one label. */
export function listed(label: string, texts: readonly string[]): Line[] {
  return texts.map((text, index) => [index === 0 ? label : '', text]);
}

/** Lines with a title above; nothing where there are none. */
export function titled(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : [style('bold', title), ...lines];
}

/** An item of a list. */
export function itemize(text: string): string[] {
  return wrap(text, WIDTH - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`);
}

/** Rows below each other, in columns as wide as their widest cell. `alignNumber` is for all columns but the first. */
export function alignColumns(rows: readonly (readonly string[])[], alignNumber: 'left' | 'right'): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column > 0 && alignNumber === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

/** Breaks between words only, and never before one that a CI system would take for a command at the start of a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= width;
    if (last !== undefined && (fits || /^\s*::/.test(word))) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
