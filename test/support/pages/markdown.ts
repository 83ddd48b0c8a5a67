/** A line of a generated page's head: where it comes from, and how it is made anew. */
export function generatedFrom(source: string): string {
  return `<!-- Generated from ${source} by \`npm run golden\`. Do not edit: a test compares it. -->`;
}

export const code = (text: string) => `\`${text}\``;

/** In a cell a bar would end it. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A place in a table that links lead to; a heading has one of its own. */
export function anchor(name: string): string {
  return `<a id="${name}"></a>`;
}

/** The anchor that a heading gets where Markdown is shown: of letters, digits, `_` and `-` of its text. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** A page: what is said above each other, with empty lines between. */
export function page(...parts: readonly (string | readonly string[])[]): string {
  return `${parts
    .flat()
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}
