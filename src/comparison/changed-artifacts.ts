import type { Artifact } from '../values/artifact.ts';
import type { ArtifactChange, ProfileComparison } from '../values/comparison.ts';
import { withoutMachine } from '../values/machine-folder.ts';
import { hasOtherHost, hasOtherPorts, hasOtherProof } from './changed-host.ts';
import type { Pair, Subject } from './subject.ts';
import { isTraded } from './trade.ts';

/** What a comparison says already, so that a file may differ because of it. */
export type Said = Pick<ProfileComparison, 'formerName' | 'before' | 'after' | 'decisions' | 'packetRules'>;

/** Files that differ by path, mode or content, in the order of their paths. */
export function changedArtifacts({ before, after }: Pair, said: Said): ArtifactChange[] {
  const old = byPath(before);
  const now = byPath(after);
  const differing = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const sides = { before: old.get(key), after: now.get(key) };
    return isSame(sides.before, sides.after) ? [] : [{ path: (sides.after ?? sides.before)?.path ?? key, ...sides }];
  });
  return differing.map((sides) => ({
    path: sides.path,
    kind: sides.before ? (sides.after ? 'changed' : 'gone') : 'new',
    purpose: (sides.after ?? sides.before)?.purpose ?? '',
    isExplained: isExplained([sides.after, sides.before], said),
  }));
}

/**
 * By where they are on a host, whose machine has a folder or not. Of a profile for several machines, the list of them and the role
 * differ with each of the others, and say no more of this one.
 */
function byPath(subject: Subject | undefined): ReadonlyMap<string, Artifact> {
  if (!subject) return new Map();
  const { plan, artifacts } = subject;
  if (plan.machine === undefined) return new Map(artifacts.map((artifact) => [artifact.path, artifact]));
  const files = new Map<string, Artifact>();
  for (const artifact of artifacts) {
    const place = withoutMachine(artifact.path.slice(plan.name.length + 1));
    // The list comes after the plan whose place it would take.
    if (place.startsWith('etc/') || (place === 'plan' && !files.has(place))) files.set(place, artifact);
  }
  return files;
}

function isSame(one: Artifact | undefined, other: Artifact | undefined): boolean {
  return one?.content === other?.content && one?.mode === other?.mode;
}

function isExplained(sides: readonly (Artifact | undefined)[], said: Said): boolean {
  if (hasOtherFrame(said)) return true;
  const hasOtherRules = isTraded(said.packetRules) || hasOtherPorts(said) || hasOtherProof(said);
  const parameters = said.decisions.map(({ parameter }) => parameter);
  return sides.some((artifact) => {
    if (artifact?.output === 'iptables' || artifact?.output === 'nftables') return hasOtherRules;
    // The plan and the role repeat whatever the other files say.
    if (artifact?.output === 'host' || artifact?.output === 'ansible') return hasOtherRules || parameters.length > 0;
    return artifact?.carries.some((parameter) => parameters.includes(parameter));
  });
}

/** Whether anything differs that every file may repeat. */
function hasOtherFrame(said: Said): boolean {
  const { formerName, before, after } = said;
  const isOther = before?.role !== after?.role || before?.summary !== after?.summary;
  return formerName !== undefined || isOther || hasOtherHost(said);
}
