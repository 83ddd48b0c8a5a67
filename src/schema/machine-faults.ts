import { tellApart } from '../deploy/machine-lines.ts';
import { deriveHost } from '../derive-plan.ts';
import { quote } from '../text/printable.ts';
import type { ValidMachine } from '../validate-machines.ts';
import type { Document } from '../values/document.ts';
import type { Location } from '../values/location.ts';
import { locate, type MapNode, nodeAt } from '../values/node.ts';
import { errorAt, type Problem } from '../values/problem.ts';

type Machine = Required<ValidMachine>;

/**
 * Machines that no host could choose between, and such as contradict the profile around them. `documents` are the profile and its
 * bases, the furthest first; `merged` is what they say together.
 */
export function listMachineFaults(
  valid: readonly ValidMachine[],
  merged: MapNode | undefined,
  documents: readonly Document[],
): Problem[] {
  const machines = valid.flatMap(({ machine, at, ...each }) => (machine && at ? [{ ...each, machine, at }] : []));
  if (!merged || machines.length === 0) return [];
  return [
    ...listAlike(machines),
    ...machines.flatMap((machine) => findForeignKernel(machine, merged)),
    ...listVainKeys(machines, merged, documents),
  ];
}

function listAlike(machines: readonly Machine[]): Problem[] {
  const firsts = new Map<string, Machine>();
  const names = new Map<string, Machine>();
  return machines.flatMap((each) => {
    const key = tellApart(deriveHost(each.profile));
    const same = firsts.get(key);
    const namesake = names.get(each.machine);
    firsts.set(key, same ?? each);
    names.set(each.machine, namesake ?? each);
    if (same)
      return reportPair(
        each,
        same,
        'no host could choose between these two machines',
        'remove one; only distribution, architecture, kernel and memory tell machines apart',
      );
    if (namesake)
      return reportPair(each, namesake, `two machines are named ${quote(each.machine)}`, 'rename one of them');
    return [];
  });
}

function reportPair({ at }: Machine, { at: other }: Machine, message: string, remedy: string): Problem[] {
  return [{ ...errorAt(at, 'machines-differ', message, remedy), locations: [at, other] }];
}

/** The kernel of one distribution says nothing about another one. */
function findForeignKernel({ at, root, profile }: Machine, merged: MapNode): Problem[] {
  const kernel = nodeAt(root, ['host', 'kernel']);
  const distribution = nodeAt(merged, ['host', 'distribution']);
  if (!kernel || isWithin(kernel.location, at) || distribution?.kind !== 'scalar') return [];
  if (distribution.value === profile.host.distribution) return [];
  const message = `this machine has another distribution than \`host\`, but the kernel ${quote(`${profile.host.kernel}`)} that is meant for that one`;
  const remedy = 'add its own `kernel:` to this machine; `kernel: null` means the one that its distribution ships';
  return [{ ...errorAt(at, 'machine-fits-host', message, remedy), locations: [at, kernel.location] }];
}

/** Keys of `host` that each machine has for itself, where they stand beside `hosts` or in a profile that extends those. */
function listVainKeys(machines: readonly Machine[], merged: MapNode, documents: readonly Document[]): Problem[] {
  const host = nodeAt(merged, ['host']);
  const depthOf = ({ file }: Location) => documents.findIndex(({ name }) => name === file.name);
  const depth = depthOf(locate(merged, ['hosts']));
  if (host?.kind !== 'map') return [];
  return [...host.entries].flatMap(([key, { value }]): Problem[] => {
    const isUsed = machines.some(({ root }) => nodeAt(root, ['host', key])?.location === value.location);
    if (isUsed || depthOf(value.location) < depth) return [];
    const message = `\`host.${key}\` does nothing: each machine in \`hosts\` has its own`;
    const remedy = `remove it; or write \`hosts: null\` for a profile that is for this one machine`;
    const isAbove = depthOf(value.location) > depth;
    const problem = errorAt(value.location, 'machine-fits-host', message, remedy);
    return [
      { ...problem, severity: isAbove ? 'error' : 'warning', locations: [value.location, locate(merged, ['hosts'])] },
    ];
  });
}

function isWithin(inner: Location, outer: Location): boolean {
  return inner.file.name === outer.file.name && inner.start >= outer.start && inner.end <= outer.end;
}
