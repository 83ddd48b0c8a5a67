import { hasOtherRules } from '../../comparison/changed-host.ts';
import { printableProse } from '../../text/printable.ts';
import type { ArtifactChange, FoundProblem, ProfileComparison } from '../../values/comparison.ts';
import { formatPacketRule } from '../format-explanation.ts';
import type { PageItem, PageList } from './page.ts';

/** What comes and goes beside values. */
export function listComings(profile: ProfileComparison): PageList[] {
  return [
    { title: 'Packet rules, loaded again when this is applied', items: listRules(profile) },
    { title: 'Left alone', items: listLeftAlone(profile) },
    { title: 'Problems', items: listProblems(profile) },
    { title: 'Files', items: listFiles(profile) },
  ].filter(({ items }) => items.length > 0);
}

/** A rule that reads the same is about other ports, and said once. */
function listRules(profile: ProfileComparison): PageItem[] {
  const [gone, come] = [profile.packetRules.gone, profile.packetRules.new].map((rules) => [
    ...new Set(rules.map(formatPacketRule)),
  ]) as [string[], string[]];
  const both = come.filter((text) => gone.includes(text));
  return [
    ...listPorts(profile),
    ...listUnproven(profile),
    ...come.filter((text) => !both.includes(text)).map((text) => ours('new', text)),
    ...gone.filter((text) => !both.includes(text)).map((text) => ours('gone', text)),
    ...both.map((text) => ours('changed', `for other ports of this host: ${text}`)),
    ...listOwnerLines(profile),
  ];
}

function listPorts(profile: ProfileComparison): PageItem[] {
  const [from, to] = [profile.before, profile.after].map((side) => side?.ports.join(', ') || 'none');
  return hasOtherRules(profile) && from !== to ? [ours('changed', `served ports: ${from} → ${to}`)] : [];
}

/** The reason stands in the profile, and is the author's own text. */
function listUnproven({ before, after }: ProfileComparison): PageItem[] {
  const [from, to] = [before?.unproven, after?.unproven];
  if (from === to) return [];
  const item = (mark: PageItem['mark'], reason: string): PageItem => ({
    mark,
    text: `loaded also by a host that cannot prove them, because: ${printableProse(reason)}`,
    isForeign: true,
  });
  if (from !== undefined && to !== undefined) return [item('changed', to)];
  return to === undefined ? [item('gone', from ?? '')] : [item('new', to)];
}

/** What somebody puts into a filter that is not ours to change. */
function listOwnerLines({ artifacts }: ProfileComparison): PageItem[] {
  return artifacts
    .filter(({ path }) => /\/etc\/nettune\/[^/]+\/(accept-.*\.nft|ufw-.*|firewalld\.txt)$/.test(path))
    .filter(({ kind }) => kind === 'changed')
    .map(({ path, purpose }) => ours('changed', `${path}: ${purpose}`));
}

function listLeftAlone({ leftAlone }: ProfileComparison): PageItem[] {
  return [...leftAlone.new.map((text) => ours('new', text)), ...leftAlone.gone.map((text) => ours('gone', text))];
}

function listProblems({ problems }: ProfileComparison): PageItem[] {
  const item = (mark: PageItem['mark'], { severity, message, id, place }: FoundProblem) => ({
    mark,
    text: `${severity}: ${message} [${id}]${place ? ` (${place.file}:${place.line}:${place.column})` : ''}`,
    isForeign: true,
  });
  return [...problems.new.map((each) => item('new', each)), ...problems.gone.map((each) => item('gone', each))];
}

/** Those that come or go on hosts, and those that differ for no other reason that is said. */
function listFiles({ artifacts, formerName, name }: ProfileComparison): PageItem[] {
  if (formerName !== undefined) return [ours('changed', `all of them have ${name} in their paths`)];
  const shown = artifacts.filter(isTold);
  const rest = artifacts.length - shown.length;
  return [
    ...shown.map(({ kind, path, purpose }) => ours(kind, `${path}: ${printableProse(purpose)}`)),
    ...(shown.length > 0 && rest > 0 ? [ours('changed', `${rest} more, which follow from what is said here`)] : []),
  ];
}

/** The plan and the role follow from the files of the host. */
function isTold({ path, kind, isExplained }: ArtifactChange): boolean {
  const isOfHost = path.split('/')[1] === 'etc';
  return isOfHost && (kind !== 'changed' || !isExplained);
}

function ours(mark: PageItem['mark'], text: string): PageItem {
  return { mark, text, isForeign: false };
}
