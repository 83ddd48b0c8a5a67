import { printableProse } from '../text/printable.ts';
import type { Cause, ExplainedOmission, Explanation, PlanExplanation } from '../values/explanation.ts';
import { formatValue } from '../values/format-value.ts';
import { formatAlternativesMarkdown } from './format-alternatives.ts';
import {
  formatDefault,
  formatEffect,
  formatOther,
  formatPacketRule,
  formatPlace,
  formatPrice,
  formatRule,
  formatTitle,
  formatWritten,
  sayUnproven,
} from './format-explanation.ts';
import { asCode, asText } from './markdown.ts';

/** What a reviewer asks first. What a profile's author wrote stands in code, where it links and mentions nobody. */
const SUMMARY: Columns = {
  parameter: ({ name }) => [asCode(name)],
  value: ({ value, unit }) => [`${asCode(formatValue(value))} ${asText(unit)}`.trimEnd()],
  why: ({ reason, rule }) => [rule.id === 'override' ? asCode(printableProse(reason)) : asText(reason)],
  from: ({ causes, rule }) => causes.map((cause) => formatCause(cause, rule.id === 'override')),
  default: (each) => optional(formatDefault(each)),
  costs: ({ price }) => optional(formatPrice(price)),
  'takes effect': (each) => optional(formatEffect(each)),
};

/** What is folded away below it. */
const MORE: Columns = {
  parameter: ({ name }) => [asCode(name)],
  rule: (each) => [asText(formatRule(each))],
  'written at': ({ causes }) => causes.map(formatOrigin),
  'set in': ({ artifacts }) => artifacts.map(asCode),
  others: ({ others }) => others.map((other) => asText(formatOther(other))),
  caution: ({ dangers }) => dangers.map(asText),
  source: ({ source }) => optional(source),
};

/** What each column says of a decision, a line each. */
type Columns = Readonly<Record<string, (each: Explanation) => readonly string[]>>;

/** A plan as a table for a pull request, and all else that is known of it in another one. */
export function formatMarkdown(explanation: PlanExplanation): string {
  const { decisions, packetRules, fallback, unproven, omissions, alternatives } = explanation;
  return [
    `### ${asCode(formatTitle(explanation))}`,
    '',
    ...explanation.notes.flatMap((note) => [asText(note), '']),
    ...formatTable(SUMMARY, decisions),
    '',
    ...packetRules.map((rule) => `- ${asText(formatPacketRule(rule))}`),
    ...(packetRules.length > 0 ? [''] : []),
    ...(packetRules.length > 0 && fallback !== undefined ? [asText(fallback), ''] : []),
    ...(packetRules.length > 0 && unproven !== undefined ? [asCode(sayUnproven(unproven)), ''] : []),
    ...omissions.flatMap((omission) => [formatOmission(omission), '']),
    ...formatAlternativesMarkdown(alternatives),
    '<details><summary>Rules, places, files, other choices, dangers and sources</summary>',
    '',
    ...formatTable(MORE, decisions),
    '',
    '</details>',
    '',
  ].join('\n');
}

function formatTable(columns: Columns, decisions: readonly Explanation[]): string[] {
  const rows = decisions.map((each) => Object.values(columns).map((say) => say(each).join('<br>')));
  const lines = [Object.keys(columns), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [lines[0] ?? '', `|${'---|'.repeat(Object.keys(columns).length)}`, ...lines.slice(1)];
}

function formatOmission({ subject, reason, causes }: ExplainedOmission): string {
  const from = causes.map((cause) => `${formatCause(cause, false)} at ${formatOrigin(cause)}`);
  return `Left alone: ${subject}. ${asText(reason)} From: ${from.join(', ')}.`;
}

/** The value of an override is in the table already. */
function formatCause({ path, written }: Cause, isOverride: boolean): string {
  return asCode(written === undefined || isOverride ? path : `${path}: ${formatWritten(written)}`);
}

function formatOrigin({ place }: Cause): string {
  return place ? asCode(formatPlace(place)) : 'left to its default';
}

function optional(text: string | undefined): string[] {
  return text === undefined ? [] : [asText(text)];
}
