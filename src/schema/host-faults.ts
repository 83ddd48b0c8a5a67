import { ARCHITECTURES } from '../distributions/architectures.ts';
import type { DistributionRow } from '../distributions/distribution.ts';
import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { quote } from '../text/printable.ts';
import { suggest } from '../text/suggest.ts';
import { type MapNode, type Node, nodeAt } from '../values/node.ts';
import { errorAt, type Problem } from '../values/problem.ts';

const IDS = DISTRIBUTIONS.map(({ id }) => id);

/** Without these, nothing can stand in for a distribution that is not in the table. */
const DESCRIPTION = ['kernel', 'family'];

/** A distribution that nobody knows, and too little about it; or one that has no such machines. */
export function listHostFaults(root: MapNode): Problem[] {
  const node = nodeAt(root, ['host', 'distribution']);
  const id = node?.kind === 'scalar' ? node.value : undefined;
  // Another spelling than a name's is the schema's business.
  if (!node || typeof id !== 'string' || !/^[a-z][a-z0-9.-]*$/.test(id)) return [];
  const row = DISTRIBUTIONS.find((each) => each.id === id);
  return row ? listArchitectureFaults(root, row) : listUnknown(node, id, root);
}

function listArchitectureFaults(root: MapNode, { title, architectures }: DistributionRow): Problem[] {
  const node = nodeAt(root, ['host', 'architecture']);
  const name = node?.kind === 'scalar' ? node.value : undefined;
  const isThere = architectures.some((each) => each.name === name);
  if (!node || isThere || !ARCHITECTURES.some((each) => each.name === name)) return [];
  const remedy = `name one that it has: ${architectures.map((each) => quote(each.name)).join(', ')}`;
  return [errorAt(node.location, 'unknown-value', `${title} has no kernel for ${quote(`${name}`)}`, remedy)];
}

function listUnknown(node: Node, id: string, root: MapNode): Problem[] {
  const missing = DESCRIPTION.filter((key) => !nodeAt(root, ['host', key])).map((key) => `\`host.${key}\``);
  if (missing.length === 0) return [];
  const hint = suggest(id, IDS, 'the distributions are');
  const remedy = `${hint}${hint.endsWith('?') ? ' If not,' : '; for another one'} add ${missing.join(' and ')}`;
  return [errorAt(node.location, 'unknown-value', `nettune does not know the distribution ${quote(id)}`, remedy)];
}
