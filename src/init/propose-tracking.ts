import { compareAlternatives } from '../compare-alternatives.ts';
import { compile } from '../pipeline.ts';
import { sayNumbers } from '../report/format-alternatives.ts';
import { printableJson, wrapComment } from '../text/printable.ts';
import type { Alternative } from '../values/alternative.ts';
import type { Path } from '../values/node.ts';
import { sourceOf } from '../values/source.ts';
import { type Answers, keyOf } from './question.ts';
import { QUESTIONS } from './questions.ts';

/** Why a way was taken when those before it do not fit. */
const REASONS: Readonly<Record<Alternative['id'], string>> = {
  'larger-table': 'They are tracked: no packet rule is needed.',
  'short-timers': 'They are tracked with a short timer: with a longer one they would not fit 2 % of memory.',
  untracking: 'Tracked, they would not fit 2 % of memory: they are left untracked.',
};

/**
 * How a new profile keeps the connection table from filling: the way with the least parts on the host that fits its
 * memory. A high rate is no reason for untracking: its rules take as long as the table (bench/tracking.md).
 */
export function proposeTracking(answers: Answers) {
  const alternatives = weigh(answers);
  const way = alternatives.find(({ fits }) => fits) ?? alternatives.at(-1);
  if (!way) return { served: 'false', closing: [], trackingBecause: [] };
  const told = way.id === 'untracking' ? (alternatives[0] ?? way) : way;
  const text = `${sayNumbers(told)} ${REASONS[way.id]} \`nettune explain\` compares the ways.`;
  return {
    served: `${way.id === 'untracking'}`,
    closing: way.id === 'short-timers' ? [`timeWait: ${way.keys['conntrack.timeouts.timeWait']}`] : [],
    trackingBecause: wrapComment(text, '  #'),
  };
}

/** Of the profile that the answers make: like its template, with no connections that a web server opens itself. */
function weigh(answers: Answers): readonly Alternative[] {
  const given = QUESTIONS.filter((question) => question.flags !== undefined && !question.judge);
  const profile = {
    extends: answers['role'],
    ...(answers['role'] === 'web-server' ? { traffic: { outbound: [] } } : {}),
  };
  for (const question of given) put(profile, question.path, answers[keyOf(question)]);
  const { compiled } = compile([sourceOf('profile.yaml', printableJson(profile))]); // JSON is YAML
  return compiled[0] ? compareAlternatives(compiled[0].plan) : [];
}

function put(target: Record<string, unknown>, [key = '', ...rest]: Path, value: unknown): void {
  if (value === undefined) return;
  if (rest.length === 0) target[key] = value;
  else {
    target[key] ??= {};
    put(target[key] as Record<string, unknown>, rest, value);
  }
}
