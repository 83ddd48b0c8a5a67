import { dropNulls, mergeMaps, without } from './merge-documents.ts';
import type { Document } from './values/document.ts';
import type { Location } from './values/location.ts';
import { type MapEntry, type MapNode, type Node, nodeAt } from './values/node.ts';

/** What a profile says for one of the machines in its `hosts`: the document, in which that entry completes `host`. */
export interface MachineDocument {
  /** Undefined for a profile without `hosts`, which is for one machine. */
  readonly machine?: string;
  /** Where the entry stands. */
  readonly at?: Location;
  readonly document: Document;
}

/** Keys of an entry that `host` has as well. */
const OF_THE_HOST = ['distribution', 'family', 'kernel', 'memory', 'architecture'];

/** Keys of an entry that stand at the top of a profile. */
const OF_THE_PROFILE = ['server'];

/** What names a machine that has no `name`, in this order. */
const NAMING = ['server', 'distribution', 'memory', 'architecture', 'kernel'];

/**
 * One document for each machine that a merged profile is for. Total: entries that are no maps are left out, for the schema
 * reports them; without any other, the profile is for `host` alone.
 */
export function listMachines(document: Document): MachineDocument[] {
  const { root } = document;
  if (!root) return [{ document }];
  const hosts = root.entries.get('hosts')?.value;
  const entries = hosts?.kind === 'list' ? hosts.items.filter((item) => item.kind === 'map') : [];
  const alone = without(root, ['hosts']);
  if (entries.length === 0) return [{ document: { ...document, root: alone } }];
  return entries.map((entry) => ({
    machine: nameMachine(entry),
    at: entry.location,
    document: { ...document, root: complete(alone, entry) },
  }));
}

function complete(root: MapNode, machine: MapNode): MapNode {
  const key = root.entries.get('host')?.key ?? machine.location;
  const host: MapEntry = { key, value: pick(machine, OF_THE_HOST) };
  const own: MapNode = { ...root, entries: new Map([['host', host], ...pick(machine, OF_THE_PROFILE).entries]) };
  return dropNulls(mergeMaps(root, own));
}

function pick(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => keys.includes(key))) };
}

/** By what its entry says, such as `rhel-9-16GiB`: another entry beside it changes nothing. */
function nameMachine(machine: MapNode): string {
  const name = textAt(nodeAt(machine, ['name']));
  if (name !== undefined) return name;
  const parts = NAMING.flatMap((key) => textAt(nodeAt(machine, [key])) ?? []);
  return parts.join('-') || 'host';
}

function textAt(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
