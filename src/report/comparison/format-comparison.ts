import { printableProse } from '../../text/printable.ts';
import type { Comparison } from '../../values/comparison.ts';
import { itemize, type Line, labelled, listed, WIDTH, wrap } from '../layout.ts';
import type { Style } from '../style.ts';
import { makePage } from './make-page.ts';
import type { PageItem, PageList, PageSection, PageValue, ProfilePage } from './page.ts';

const COLOURS = { new: 'green', changed: 'yellow', gone: 'red' } as const;

/** Columns before the text of an item. */
const INDENT = 11;

/** What differs, profile by profile, for a terminal. */
export function formatComparison(comparison: Comparison, style: Style): string {
  const { headline, profiles, closing } = makePage(comparison);
  const sections = [
    headline,
    ...profiles.map((profile) => formatProfile(profile, style)),
    ...closing.map(({ text, names }) => `${text}: ${names.join(', ')}.`),
  ];
  return `${sections.join('\n\n')}\n`;
}

function formatProfile(profile: ProfilePage, style: Style): string {
  const { names, summary, notes, written, sections, lists } = profile;
  const changes = written.map(
    ({ what, before, after, place }) => `${what}: ${before} → ${after}${place ? ` (${place})` : ''}`,
  );
  const blocks = [
    [
      `${style('bold', names.join(', '))}: ${summary}`,
      ...labelled([...listed('note', notes), ...listed('written', changes)]),
    ],
    ...sections.map((section) => formatSection(section, style)),
    ...lists.map((list) => formatList(list, style)),
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

function formatSection({ title, values, notes }: PageSection, style: Style): string[] {
  return [style('bold', title), ...notes.flatMap(itemize), ...values.flatMap((value) => formatChange(value, style))];
}

function formatChange({ name, before, after, notes }: PageValue, style: Style): string[] {
  const lines: Line[] = notes.map(({ label, text }) => [`  ${label}`, printableProse(text)]);
  return [`  ${style('bold', name)}  ${before} → ${after}`, ...labelled(lines)];
}

function formatList({ title, items }: PageList, style: Style): string[] {
  return [style('bold', title), ...items.flatMap((item) => formatItem(item, style))];
}

/** Below each other, the marks first. */
function formatItem({ mark, text }: PageItem, style: Style): string[] {
  const lines = wrap(printableProse(text), WIDTH - INDENT);
  return lines.map((line, index) => {
    const label = index === 0 ? style(COLOURS[mark], mark) : '';
    return `  ${label}${' '.repeat(INDENT - 2 - (index === 0 ? mark.length : 0))}${line}`;
  });
}
