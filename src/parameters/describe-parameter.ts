import { X86_64 } from '../distributions/architectures.ts';
import type { KernelBuild } from '../values/host.ts';
import type { KernelRange } from '../values/kernel-version.ts';
import type { Value } from '../values/plan.ts';
import { EFFECTS } from './effects.ts';
import {
  acceptedOn,
  combinesOn,
  defaultOn,
  effectOn,
  isWritable,
  largerSide,
  moduleOn,
  safeOn,
  scopeOn,
  spell,
} from './on-kernel.ts';
import type { Backport, Bounds, Combination, Default, Fact, ParameterRow, Scope, Usual, Word } from './parameter.ts';
import { FAMILIES, PARAMETERS, positionOf } from './parameters.ts';
import { wordsOn } from './words.ts';

/** Memory for which defaults that depend on it are shown. */
const EXAMPLES_MIB = [512, 2048, 8192, 32768];

/** A default as it can be written down: a value, or one for each of some memories, or the formula alone. */
export interface DescribedDefault {
  readonly value?: Value;
  readonly byMemory?: readonly { readonly memoryMiB: number; readonly value: Value }[];
  readonly formula?: string;
  readonly unverified?: true;
}

/** All that is known of a parameter, with what holds on one kernel; `schemas/parameters.schema.json` says it for programs. */
export interface ParameterDescription {
  readonly name: string;
  readonly kind: ParameterRow['kind'];
  readonly family: string;
  readonly summary: string;
  readonly type: ParameterRow['type'];
  readonly unit: string;
  readonly onKernel: DescribedOnKernel;
  readonly safe?: Bounds;
  readonly usual?: Usual;
  readonly combines?: Combination;
  readonly builtWith?: string;
  readonly effect: { readonly when: string; readonly existing: string };
  readonly dangers: readonly string[];
  readonly insteadOf?: string;
  readonly history: History;
  readonly source: string;
}

interface DescribedOnKernel {
  readonly exists: boolean;
  /** As this kernel spells it. */
  readonly name?: string;
  readonly writable?: boolean;
  readonly default?: DescribedDefault;
  readonly accepts?: Fact<Bounds>;
  /** Those that this kernel has. */
  readonly words?: readonly Pick<Word, 'word' | 'module'>[];
  readonly module?: string;
  readonly scope?: Scope;
}

type History = Pick<
  ParameterRow,
  'formerNames' | 'aliases' | 'exists' | 'readOnly' | 'accepts' | 'modules' | 'scope'
> & {
  /** Those that some kernels lack. */
  readonly words?: readonly Word[];
  readonly defaults: readonly (KernelRange & DescribedDefault)[];
  /** What Red Hat's kernels have otherwise, by their major release. */
  readonly redhat: readonly ({ readonly release: string } & Backport)[];
};

export function describeParameter(row: ParameterRow, build: KernelBuild): ParameterDescription {
  const { name, kind, summary, type, unit, usual, builtWith, insteadOf, dangers = [], source } = row;
  const ofServers = Object.values(row.withServer ?? {});
  return {
    name,
    kind,
    family: familyOf(name),
    summary,
    type,
    unit,
    onKernel: describeOnKernel(row, build),
    ...without({ safe: safeOn(row, build), usual, combines: combinesOn(row, build), builtWith }),
    effect: EFFECTS[effectOn(row, build)],
    dangers: [...dangers, ...ofServers.flatMap((each) => each.dangers)],
    ...(insteadOf ? { insteadOf } : {}),
    history: describeHistory(row),
    source: [source, ...ofServers.map((each) => each.source)].join('; '),
  };
}

function familyOf(name: string): string {
  const row = PARAMETERS[positionOf(name)];
  return FAMILIES.find(({ rows }) => row && rows.includes(row))?.title ?? '';
}

function describeOnKernel(row: ParameterRow, build: KernelBuild): DescribedOnKernel {
  const name = spell(row, build);
  if (name === undefined) return { exists: false };
  const side = largerSide(row, { ...build, memoryBytes: 2 ** 33, architecture: X86_64 });
  const standard = defaultOn(row, side);
  return {
    exists: true,
    name,
    writable: isWritable(row, build),
    ...without({
      default: standard && describeDefault(standard, side),
      accepts: acceptedOn(row, build),
      words: row.words && wordsOn(row, build).map(({ word, module }) => ({ word, ...without({ module }) })),
      module: moduleOn(row, build),
      scope: scopeOn(row, build),
    }),
  };
}

function describeHistory(row: ParameterRow): History {
  const { formerNames, aliases, exists, readOnly, accepts, modules, scope, defaults = [], redhat = {} } = row;
  const words = row.words?.filter((each) => each.since !== undefined || each.redhat !== undefined);
  return {
    ...without({ formerNames, aliases, readOnly, accepts, words: words?.length ? words : undefined, modules, scope }),
    exists,
    defaults: defaults.map((each) => {
      const { since, until } = each;
      return { ...without({ since, until }), ...describeDefault(each, { kernel: kernelWithin(each) }) };
    }),
    redhat: Object.entries(redhat).map(([release, backport]) => ({ release, ...backport })),
  };
}

/** A kernel to compute a default with: the first of its range. */
function kernelWithin({ since }: KernelRange): KernelBuild['kernel'] {
  const [major = 2, minor = 6, patch = since ? 0 : 18] = since?.split('.').map(Number) ?? [];
  return [major, minor, patch];
}

function describeDefault({ value, formula, unverified }: Fact<Default>, build: KernelBuild): DescribedDefault {
  const shared = without({ formula, unverified });
  if (value === undefined) return shared;
  if (typeof value !== 'function') return { value, ...shared };
  const byMemory = EXAMPLES_MIB.flatMap((memoryMiB) => {
    const computed = value({ ...build, memoryBytes: memoryMiB * 2 ** 20, architecture: X86_64 });
    return computed === undefined ? [] : [{ memoryMiB, value: computed }];
  });
  return { ...(byMemory.length > 0 ? { byMemory } : {}), ...shared };
}

/** The same without what is undefined, which JSON cannot say. */
function without<Values extends object>(values: Values): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
