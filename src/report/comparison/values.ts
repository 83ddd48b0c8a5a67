import { printable } from '../../text/printable.ts';
import { withoutNumbers } from '../../text/without-numbers.ts';
import type { Choice, DecisionChange, ProfileComparison } from '../../values/comparison.ts';
import { formatValue } from '../../values/format-value.ts';
import { groupBy } from '../../values/group-by.ts';
import { formatDefault, formatPrice } from '../format-explanation.ts';
import type { PageNote, PageSection, PageValue } from './page.ts';

/** Longer values are lists of ports, which the key that they come from tells better. */
const LONGEST_VALUE = 100;

/** The most disruptive first. */
export function listValueSections(profile: ProfileComparison): PageSection[] {
  const { decisions, restarts } = profile;
  const services = restarts.map(({ service }) => service).join(' and ');
  const section = (title: string, changes: readonly DecisionChange[], notes: readonly string[] = []) => ({
    title,
    values: changes.map((each) => describeValue(each, profile)),
    notes,
  });
  const of = (way: string) => decisions.filter(({ effect }) => effect?.way === way);
  return [
    section(`Restarts ${services}: open connections end`, of('restart'), noteRestarts(profile)),
    ...groupBy(of('hand'), cautionOf).map(([caution, changes]) => section(`By hand: ${caution}`, changes)),
    ...groupBy(of('care'), cautionOf).map(([caution, changes]) => section(`With care: ${caution}`, changes)),
    ...groupBy(of('running'), momentOf).map(([moment, changes]) => section(`Felt ${moment}`, changes)),
    section('The same value for another reason', [], noteReasons(profile)),
  ].filter(({ values, notes }) => values.length + notes.length > 0);
}

/** A file that differs in a comment alone is a reason as good as any. */
function noteRestarts({ decisions, restarts, formerName }: ProfileComparison): string[] {
  const isOfValue = decisions.some(({ effect }) => effect?.way === 'restart');
  if (isOfValue || formerName !== undefined) return [];
  return restarts.map(
    ({ service, because }) => `no value of ${service} changes, only the text of ${because.join(' and ')}`,
  );
}

function noteReasons({ decisions }: ProfileComparison): string[] {
  const names = decisions.filter(({ effect }) => !effect).map(({ after }) => after?.name ?? '');
  return names.length > 0 ? [names.join(', ')] : [];
}

function cautionOf({ effect }: DecisionChange): string {
  return effect?.caution ?? '';
}

/** `at once; existing connections too` */
function momentOf({ effect }: DecisionChange): string {
  return effect ? `${effect.when}; existing connections ${effect.existing}` : '';
}

function describeValue(change: DecisionChange, profile: ProfileComparison): PageValue {
  const { before, after, unit } = change;
  const name = after?.name ?? before?.name ?? '';
  const wasCalled = before && before.name !== name ? `${before.name} = ` : '';
  return {
    name,
    before: before ? `${wasCalled}${shorten(before)}` : 'not set',
    after: after ? `${shorten(after)} ${unit}`.trimEnd() : 'left alone',
    notes: listNotes(change, profile),
  };
}

function shorten({ value }: Choice): string {
  const text = formatValue(value);
  return printable(text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text);
}

function listNotes(change: DecisionChange, { written }: ProfileComparison): PageNote[] {
  const { before, after, causes, kernelDefault, unit } = change;
  const own = (label: string, text: string | undefined) =>
    text === undefined ? [] : [{ label, text, isForeign: false }];
  const standard = kernelDefault && formatDefault({ kernelDefault, unit });
  return [
    ...(after ? [reasonOf('why', after)] : []),
    ...(before && !(after && isAlike(before.reason, after.reason)) ? [reasonOf('was', before)] : []),
    ...own('default', before && after ? undefined : standard),
    ...own('from', isToldByAll(causes, written) || after?.rule === 'override' ? undefined : causes.join(', ')),
    ...own('costs', formatCosts(before, after)),
  ];
}

/** Whether the keys are all that changed, which stand above. */
function isToldByAll(causes: readonly string[], written: ProfileComparison['written']): boolean {
  return causes.length === 0 || causes.length === written.length;
}

function reasonOf(label: string, { reason, rule }: Choice): PageNote {
  return { label, text: reason, isForeign: rule === 'override' };
}

/** Then the newer one tells both. */
function isAlike(one: string, other: string): boolean {
  return withoutNumbers(one) === withoutNumbers(other);
}

/** Only where it is another one. */
function formatCosts(before: Choice | undefined, after: Choice | undefined): string | undefined {
  const [old, now] = [before, after].map((side) => formatPrice(side?.price));
  if (now === undefined || now === old) return undefined;
  return old === undefined ? now : `${now}; before, ${old.replace(' when used up', '')}`;
}
