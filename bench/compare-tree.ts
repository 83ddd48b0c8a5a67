import { acceptedOn, defaultOn, isWritable, spell } from '../src/parameters/on-kernel.ts';
import type { ParameterRow } from '../src/parameters/parameter.ts';
import { PARAMETERS } from '../src/parameters/parameters.ts';
import type { KernelBuild } from '../src/values/host.ts';
import type { SourceEntry, SourceTree } from './read-tables.ts';

/** Where the catalogue and a kernel's source say different things. */
export interface Disagreement {
  readonly name: string;
  readonly about: 'presence' | 'mode' | 'bounds' | 'default';
  readonly catalogue: string;
  readonly source: string;
}

/** What the catalogue says of a kernel against its source. Silent where the source does not say it by a constant. */
export function compareTree(tree: SourceTree, build: KernelBuild): Disagreement[] {
  return PARAMETERS.filter(({ kind }) => kind === 'sysctl').flatMap((row) => compareRow(row, tree, build));
}

function compareRow(row: ParameterRow, tree: SourceTree, build: KernelBuild): Disagreement[] {
  const spelled = spell(row, build);
  const name = (spelled ?? row.name).replace('*', 'all');
  const entry = tree.find(name);
  if (!entry || spelled === undefined) {
    if (!entry === (spelled === undefined)) return [];
    return [
      { name, about: 'presence', catalogue: spelled ? 'there' : 'not there', source: entry?.file ?? 'not there' },
    ];
  }
  return [
    ...compareMode(name, row, entry, build),
    ...compareBounds(name, row, entry, build),
    ...compareDefault(name, row, entry, build),
  ];
}

function compareMode(name: string, row: ParameterRow, { mode }: SourceEntry, build: KernelBuild): Disagreement[] {
  const catalogue = isWritable(row, build) ? '644' : '444';
  return /^\d+$/.test(mode) && mode !== catalogue ? [{ name, about: 'mode', catalogue, source: mode }] : [];
}

/** Bounds in ticks are not compared: they depend on how the kernel was built. */
function compareBounds(name: string, row: ParameterRow, entry: SourceEntry, build: KernelBuild): Disagreement[] {
  const bounds = acceptedOn(row, build);
  const { min, max, handler } = entry;
  if (!isWritable(row, build) || !bounds || bounds.byHz || bounds.minByHz || min === undefined || max === undefined)
    return [];
  if (bounds.min === min && bounds.max === max) return [];
  return [
    { name, about: 'bounds', catalogue: `${bounds.min} to ${bounds.max}`, source: `${min} to ${max} (${handler})` },
  ];
}

function compareDefault(
  name: string,
  row: ParameterRow,
  { standard }: SourceEntry,
  build: KernelBuild,
): Disagreement[] {
  const value = defaultOn(row, build)?.value;
  if (typeof value !== 'number' || standard === undefined || value === standard) return [];
  return [{ name, about: 'default', catalogue: String(value), source: String(standard) }];
}
