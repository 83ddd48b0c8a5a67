import { printableProse } from '../text/printable.ts';
import type { Explanation, PlanExplanation } from '../values/explanation.ts';
import { formatValue } from '../values/format-value.ts';
import { formatDefault, formatPacketRule, formatPrice, formatTitle, formatWritten } from './format-explanation.ts';
import { asCode, asText } from './markdown.ts';

/** A plan as a table for a pull request. What a profile's author wrote stands in code, where it links and mentions nobody. */
export function formatMarkdown(explanation: PlanExplanation): string {
  return [
    `### ${asCode(formatTitle(explanation))}`,
    '',
    ...explanation.notes.flatMap((note) => [asText(note), '']),
    '| parameter | value | why | from | default | costs | felt |',
    '|---|---|---|---|---|---|---|',
    ...explanation.decisions.map(formatRow),
    '',
    ...explanation.packetRules.map((rule) => `- ${asText(formatPacketRule(rule))}`),
    ...(explanation.packetRules.length > 0 ? [''] : []),
    ...explanation.omissions.flatMap(({ subject, reason }) => [`Left alone: ${subject}. ${asText(reason)}`, '']),
  ].join('\n');
}

function formatRow(each: Explanation): string {
  const isOverride = each.rule.id === 'override';
  const cells = [
    asCode(each.name),
    asCode(formatValue(each.value)),
    isOverride ? asCode(printableProse(each.reason)) : asText(each.reason),
    each.causes
      .map(({ path, written }) =>
        asCode(written === undefined || isOverride ? path : `${path}: ${formatWritten(written)}`),
      )
      .join('<br>'),
    asText(formatDefault(each) ?? ''),
    asText(formatPrice(each.price) ?? ''),
    asText(each.effect?.when ?? ''),
  ];
  return `| ${cells.join(' | ')} |`;
}
