import { printable, printableProse } from '../text/printable.ts';
import type { Explanation, PlanExplanation } from '../values/explanation.ts';
import { formatSize } from '../values/quantities.ts';
import { formatAlternatives } from './format-alternatives.ts';
import { formatNotes, formatNumbers, formatPacketRules, formatTitle } from './format-explanation.ts';
import { alignColumns, WIDTH, wrap } from './layout.ts';
import type { Style } from './style.ts';

const TITLES = ['', 'planned', 'default', 'memory'] as const;

/** Every decision at a glance: its value, what it would be without nettune, the memory it costs, and why in a sentence. */
export function formatOverview(explanation: PlanExplanation, style: Style): string {
  const { decisions, omissions, alternatives } = explanation;
  const sections = [
    style('bold', formatTitle(explanation)),
    ...formatNotes(explanation),
    ...(decisions.length > 0 ? [formatTable(decisions, style)] : []),
    ...formatPacketRules(explanation, style),
    ...(omissions.length > 0
      ? [wrap(`Left alone: ${omissions.map(({ subject }) => subject).join(', ')}`, WIDTH).join('\n')]
      : []),
    ...(alternatives.length > 0 ? [formatAlternatives(alternatives, style).join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function formatTable(decisions: readonly Explanation[], style: Style): string {
  const [titles, ...rows] = alignColumns([TITLES, ...decisions.map(toRow)], 'right');
  const lines = decisions.flatMap((each, index) => [emphasize(rows[index] ?? '', each, style), ...sayWhy(each)]);
  return [titles, ...lines].join('\n');
}

/** The name stands out. */
function emphasize(row: string, { name }: Explanation, style: Style): string {
  const { length } = printable(name);
  return style('bold', row.slice(0, length)) + row.slice(length);
}

function toRow({ name, value, kernelDefault, price = {} }: Explanation): readonly string[] {
  const [standard, bytes] = [kernelDefault?.value, price.memoryBytes ?? price.fixedMemoryBytes];
  return [
    printable(name),
    printable(formatNumbers(value)),
    standard === undefined ? '' : formatNumbers(standard),
    bytes === undefined ? '' : formatSize(bytes),
  ];
}

/** The first sentence of the reason. */
function sayWhy({ reason }: Explanation): string[] {
  const [sentence = ''] = printableProse(reason).split(/(?<=[.;]) (?=[A-Z])/);
  return wrap(sentence, WIDTH - 4).map((line) => `    ${line}`);
}
