import { hasOtherHost, hasOtherRules } from '../../comparison/changed-host.ts';
import type { Comparison, ProfileComparison, WrittenChange } from '../../values/comparison.ts';
import type { Cause } from '../../values/explanation.ts';
import { machineTitle } from '../../values/machine-title.ts';
import { formatWritten } from '../format-explanation.ts';
import { listComings } from './lists.ts';
import { noteDuties } from './notes.ts';
import type { ComparisonPage, PageChange, ProfilePage } from './page.ts';
import { listValueSections } from './values.ts';

/** What differs, for each format to set. */
export function makePage(comparison: Comparison): ComparisonPage {
  const { profiles, unknown, broken } = comparison;
  return {
    headline: profiles.length > 0 ? countDiffering(comparison) : denyChange(comparison),
    profiles: gatherAlike(profiles.map(describeProfile)),
    closing: [
      { text: 'Not compared, for they have errors', names: broken },
      { text: 'Not compared, for a file of the other side has errors', names: unknown },
    ].filter(({ names }) => names.length > 0),
  };
}

function countDiffering({ profiles, same, unknown }: Comparison): string {
  const all = profiles.length + same.length + unknown.length;
  if (all === 1) return 'the profile differs';
  const things = profiles.some(({ machine }) => machine !== undefined) ? 'plans' : 'profiles';
  return `${profiles.length} of ${all} ${things} ${profiles.length === 1 ? 'differs' : 'differ'}`;
}

/** Says it of no more than was looked at. */
function denyChange({ same, unknown, broken }: Comparison): string {
  if (unknown.length + broken.length === 0) return 'no change';
  return same.length > 0 ? 'no change in what could be compared' : 'nothing could be compared';
}

/** A change in a base is said once, and not for each profile that extends it. */
function gatherAlike(pages: readonly ProfilePage[]): ProfilePage[] {
  const byText = new Map<string, ProfilePage>();
  for (const { names, ...rest } of pages) {
    const key = JSON.stringify(rest);
    byText.set(key, { ...rest, names: [...(byText.get(key)?.names ?? []), ...names] });
  }
  return [...byText.values()];
}

function describeProfile(profile: ProfileComparison): ProfilePage {
  const isOneSided = profile.kind !== 'changed';
  return {
    names: [machineTitle(profile)],
    summary: summarize(profile),
    notes: noteDuties(profile),
    written: profile.written.map(describeWritten),
    sections: isOneSided ? [] : listValueSections(profile),
    lists: isOneSided ? [] : listComings(profile),
  };
}

/** `apache2 is restarted, 5 values change` */
function summarize(profile: ProfileComparison): string {
  const { kind, before, after, decisions, artifacts } = profile;
  if (kind === 'gone') return `gone, a ${before?.role}`;
  if (kind === 'new') return `new, a ${after?.role} with ${countThings(decisions.length, 'value')}`;
  const parts = listParts(profile);
  if (parts.length > 0) return parts.join(', ');
  if (decisions.length > 0) return 'no value changes, only reasons do';
  return `no value changes, but ${countThings(artifacts.length, 'file')} ${artifacts.length === 1 ? 'does' : 'do'}`;
}

function listParts(profile: ProfileComparison): string[] {
  const { formerName, restarts, decisions, problems } = profile;
  const values = decisions.filter(({ effect }) => effect).length;
  return [
    ...(formerName === undefined ? [] : [`was named ${formerName}`]),
    ...restarts.map(({ service }) => `${service} is restarted`),
    ...(values === 0 ? [] : [`${countThings(values, 'value')} ${values === 1 ? 'changes' : 'change'}`]),
    ...(hasOtherRules(profile) ? ['packet rules change'] : []),
    ...(hasOtherHost(profile) ? ['its hosts change'] : []),
    ...countProblems(problems.new.length, 'new'),
    ...countProblems(problems.gone.length, 'gone'),
  ];
}

function countProblems(found: number, what: string): string[] {
  return found === 0 ? [] : [`${countThings(found, 'problem')} ${found === 1 ? 'is' : 'are'} ${what}`];
}

/** `1 value`, `2 values` */
function countThings(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function describeWritten({ path, before, after }: WrittenChange): PageChange {
  const { place } = after.place ? after : before;
  return {
    what: path,
    before: formatSide(before),
    after: formatSide(after),
    ...(place ? { place: `${place.file}:${place.line}:${place.column}` } : {}),
  };
}

function formatSide({ written }: Omit<Cause, 'path'>): string {
  return written === undefined ? 'not written' : formatWritten(written);
}
