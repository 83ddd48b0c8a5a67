import { hasOtherHost, hasOtherRules } from '../comparison/changed-host.ts';
import type { Comparison, ProfileComparison, WrittenChange } from '../values/comparison.ts';
import type { Cause } from '../values/explanation.ts';
import { listComings } from './comparison-lists.ts';
import { noteDuties } from './comparison-notes.ts';
import { listValueSections, type PageSection } from './comparison-values.ts';
import { formatWritten } from './format-explanation.ts';

/** A comparison in words, in the order in which somebody wants to read it; each format only sets it. */
export interface ComparisonPage {
  readonly headline: string;
  readonly profiles: readonly ProfilePage[];
  /** What is to be said of the other profiles and files. */
  readonly closing: readonly PageRemark[];
}

/** A sentence about profiles or files, which strangers may have named. */
export interface PageRemark {
  readonly text: string;
  readonly names: readonly string[];
}

/** Profiles that change alike. */
export interface ProfilePage {
  readonly names: readonly string[];
  /** What changes, in half a line. */
  readonly summary: string;
  /** What somebody has to do or know, whatever the values are. */
  readonly notes: readonly string[];
  readonly written: readonly PageChange[];
  readonly sections: readonly PageSection[];
  readonly lists: readonly PageList[];
}

/** A key that is written differently, and where it stands now, or stood. */
export interface PageChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly place?: string;
}

/** Things that come and go. */
export interface PageList {
  readonly title: string;
  readonly items: readonly PageItem[];
}

export interface PageItem {
  readonly mark: 'new' | 'gone' | 'changed';
  readonly text: string;
  /** Whether a profile's author chose words in it. */
  readonly isForeign: boolean;
}

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
  return `${profiles.length} of ${all} profiles ${profiles.length === 1 ? 'differs' : 'differ'}`;
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
    names: [profile.name],
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
