import { printable, printableProse } from '../../text/printable.ts';
import type { Comparison } from '../../values/comparison.ts';
import { asCode, asText } from '../markdown.ts';
import { makePage } from './make-page.ts';
import type { PageChange, PageItem, PageList, PageNote, PageSection, PageValue, ProfilePage } from './page.ts';

/** What GitHub takes as a comment, in characters. */
const LONGEST_COMMENT = 65_536;

/** Kept for what is said of all that does not fit. */
const RESERVE = 1000;

/** Of profiles or files, in a sentence. */
const MOST_NAMES = 20;

/** Of a path, which may be thousands of characters long; the end tells most. */
const LONGEST_NAME = 200;

/** Some lines that stand or fall together, and the profiles that they are about. */
interface Part {
  readonly text: string;
  readonly names: readonly string[];
}

/** What differs, for a comment on a pull request. What a profile's author wrote stands in code, where it links and mentions nobody. */
export function formatComparisonMarkdown(comparison: Comparison): string {
  const { headline, profiles, closing } = makePage(comparison);
  const head = `### nettune: ${headline}\n`;
  const overview = profiles.length > 1 ? profiles.map(formatLine) : [];
  const parts = [
    ...closing.map(({ text, names }) => ({ text: `\n${asText(text)}: ${listNames(names)}.\n`, names: [] })),
    ...overview.map((part, index) => (index === 0 ? { ...part, text: `\n${part.text}` } : part)),
    ...profiles.flatMap(formatProfile),
  ];
  return head + cut(parts, LONGEST_COMMENT - RESERVE - head.length);
}

/** The first parts, as many as fit, and what the others are about. */
function cut(parts: readonly Part[], room: number): string {
  let left = room;
  const end = parts.findIndex(({ text }) => {
    left -= text.length;
    return left < 0;
  });
  if (end === -1) return parts.map(({ text }) => text).join('');
  const names = [...new Set(parts.slice(end).flatMap((part) => part.names))];
  const said = `A comment has no room for the rest of ${listNames(names)}: \`nettune compare\` shows all of it.`;
  return `${parts
    .slice(0, end)
    .map(({ text }) => text)
    .join('')}\n${said}\n`;
}

function listNames(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).map(shorten).map(asCode).join(', ')}${more}`;
}

function shorten(name: string): string {
  return name.length > LONGEST_NAME ? printable(`…${name.slice(1 - LONGEST_NAME)}`) : name;
}

function formatLine({ names, summary }: ProfilePage): Part {
  return { text: `- ${names.map(asCode).join(', ')}: ${asText(summary)}\n`, names };
}

function formatProfile({ names, summary, notes, written, sections, lists }: ProfilePage): Part[] {
  const texts = [
    `\n#### ${names.map(asCode).join(', ')}: ${asText(summary)}\n`,
    ...formatNotes(notes),
    ...formatTable(['written', 'before', 'after'], written.map(listCells)),
    ...sections.flatMap(formatSection),
    ...lists.flatMap(formatList),
  ];
  return texts.map((text) => ({ text, names }));
}

function formatNotes(notes: readonly string[]): string[] {
  return notes.length > 0 ? [`\n${notes.map((note) => `- ${asText(note)}\n`).join('')}`] : [];
}

function listCells({ what, before, after }: PageChange): string[] {
  return [asCode(what), asCode(before), asCode(after)];
}

function formatSection({ title, values, notes }: PageSection): string[] {
  return [
    `\n**${asText(title)}**\n`,
    ...formatNotes(notes),
    ...formatTable(['parameter', 'before', 'after', 'why'], values.map(listValueCells)),
  ];
}

function listValueCells({ name, before, after, notes }: PageValue): string[] {
  return [asCode(name), asCode(before), asCode(after), notes.map(formatNote).join('<br>')];
}

/** The label of the first reason is the column's. */
function formatNote({ label, text, isForeign }: PageNote): string {
  const said = isForeign ? asCode(printableProse(text)) : asText(text);
  return label === 'why' ? said : `*${label}:* ${said}`;
}

/** The first row brings the head with it. */
function formatTable(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const head = `\n| ${titles.join(' | ')} |\n|${'---|'.repeat(titles.length)}\n`;
  return rows.map((cells, index) => `${index === 0 ? head : ''}| ${cells.join(' | ')} |\n`);
}

function formatList({ title, items }: PageList): string[] {
  return [`\n**${asText(title)}**\n\n`, ...items.map(formatItem)];
}

function formatItem({ mark, text, isForeign }: PageItem): string {
  return `- ${mark}: ${isForeign ? asCode(printableProse(text)) : asText(text)}\n`;
}
