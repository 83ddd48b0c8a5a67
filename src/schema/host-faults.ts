import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { quote } from '../text/printable.ts';
import { suggest } from '../text/suggest.ts';
import { type MapNode, nodeAt } from '../values/node.ts';
import { errorAt, type Problem } from '../values/problem.ts';

const IDS = DISTRIBUTIONS.map(({ id }) => id);

/** Without these, nothing can stand in for a distribution that is not in the table. */
const DESCRIPTION = ['kernel', 'family'];

/** A distribution that nobody knows, and too little about it. Another spelling than a name's is the schema's business. */
export function listHostFaults(root: MapNode): Problem[] {
  const node = nodeAt(root, ['host', 'distribution']);
  const id = node?.kind === 'scalar' ? node.value : undefined;
  if (!node || typeof id !== 'string' || !/^[a-z][a-z0-9.-]*$/.test(id) || IDS.includes(id)) return [];
  const missing = DESCRIPTION.filter((key) => !nodeAt(root, ['host', key])).map((key) => `\`host.${key}\``);
  if (missing.length === 0) return [];
  const hint = suggest(id, IDS, 'the distributions are');
  const remedy = `${hint}${hint.endsWith('?') ? ' If not,' : '; for another one'} add ${missing.join(' and ')}`;
  return [errorAt(node.location, 'unknown-value', `nettune does not know the distribution ${quote(id)}`, remedy)];
}
