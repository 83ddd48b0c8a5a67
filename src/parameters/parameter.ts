import type { Server } from '../roles/server.ts';
import type { Machine } from '../values/host.ts';
import type { KernelRange } from '../values/kernel-version.ts';
import type { Value } from '../values/plan.ts';
import type { Effect } from './effects.ts';

/** Something that can be tuned. Facts are by mainline kernel; bounds include both ends. */
export interface ParameterRow {
  /** As today's kernel or server spells it. A `*` stands for the name of a network interface, `all` or `default`. */
  readonly name: string;
  readonly kind: 'sysctl' | 'module-option' | 'apache' | 'nginx' | 'haproxy' | 'squid' | 'systemd';
  /** Earlier names, with the kernels on which each is the one to use. */
  readonly formerNames?: readonly (KernelRange & FormerName)[];
  /** Other keys for the same variable, with the kernels that have them; nettune does not write them. */
  readonly aliases?: readonly Fact<{ readonly name: string }>[];
  /** Kernels that have it under any name. */
  readonly exists: Fact;
  /** Kernels on which it can only be read. */
  readonly readOnly?: KernelRange;
  /** Why it went, or cannot be set, and what to do instead. */
  readonly insteadOf?: string;
  readonly type: ParameterType;
  /** Of one number; empty for a choice. */
  readonly unit: string;
  /** What the kernel takes without an error. */
  readonly accepts?: readonly Fact<Bounds>[];
  /** Words that it takes, as the kernel compares them: letter by letter. Any other one is refused. */
  readonly words?: readonly Word[];
  /** What nettune is willing to write: narrower where the kernel takes values that break the host. */
  readonly safe?: Bounds;
  /** Where it was narrower on earlier kernels. */
  readonly formerlySafe?: KernelRange & Bounds;
  /** What a value does that is not safe, though the kernel takes it: the end of a sentence. */
  readonly harm?: string;
  /** What hosts have a use for, as a rule; some need more, and a value outside is a warning. */
  readonly usual?: Usual;
  /** What a kernel has before anybody sets it. */
  readonly defaults?: readonly Fact<Default>[];
  /** The module that brings it. */
  readonly modules?: readonly Fact<{ readonly module: string }>[];
  /** The option that the kernel has to be built with; distributions build theirs so. */
  readonly builtWith?: string;
  /** Whose it is where there are network namespaces. */
  readonly scope?: readonly Fact<{ readonly scope: Scope }>[];
  /** Of a setting that every interface has: what `all` and the interface's own value make together. */
  readonly combines?: Combination;
  /** Where it was another combination on earlier kernels. */
  readonly formerlyCombines?: KernelRange & { readonly combines: Combination };
  readonly effect: Effect;
  /** Where it was another one on earlier kernels. */
  readonly formerEffect?: KernelRange & { readonly effect: Effect };
  /** What goes wrong with it. */
  readonly dangers?: readonly string[];
  /** What is so with one server alone. */
  readonly withServer?: Readonly<
    Partial<Record<Server, { readonly dangers: readonly string[]; readonly source: string }>>
  >;
  /** Where Red Hat's kernels differ from the mainline release that they are numbered after, by the release from which on: `8` is 8.3, the first that is like the later ones. */
  readonly redhat?: Readonly<Record<string, Backport>>;
  readonly summary: string;
  readonly source: string;
}

export type ParameterType = 'integer' | 'boolean' | 'port-range' | 'ports' | 'triple' | 'word' | 'words';

/** A value that is a name, with the kernels that have it. */
export type Word = Fact<{
  readonly word: string;
  /** What brings it, unless every kernel has it. */
  readonly module?: string;
  /** Where Red Hat's kernels have it, or not, whatever their release says; by release as for a row. */
  readonly redhat?: Readonly<Record<string, boolean>>;
}>;

/** What holds on a range of kernels; `unverified` where the exact release could not be pinned. */
export type Fact<Statement = unknown> = KernelRange & { readonly unverified?: true } & Statement;

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** The bounds are for HZ=1000, the narrowest; a kernel with a lower HZ takes as many times more. */
  readonly byHz?: true;
  /** The least is for HZ=1000; a kernel with a lower HZ asks for as many times more. */
  readonly minByHz?: true;
}

/** What hosts have a use for, and what a value outside does: each the end of a sentence. */
export interface Usual {
  readonly min: number;
  readonly max: number;
  readonly below?: string;
  readonly above?: string;
}

/** A value, a calculation from the machine, or, where neither can be given, the kernel's formula alone. */
export interface Default {
  readonly value?: Value | ((machine: Machine) => Value | undefined);
  /** The kernel's formula in words, for whoever has no machine at hand. */
  readonly formula?: string;
}

export interface FormerName {
  readonly name: string;
  /** The kernel in which it is gone for good, where it stayed for a while beside the new one. */
  readonly lingersUntil?: string;
}

/**
 * `namespace`: each network namespace has its own. The others belong to the machine: from a child namespace the key cannot
 * be seen, can be read, or can be written, which changes the machine.
 */
export type Scope = 'namespace' | 'machine-hidden' | 'machine-readable' | 'machine-writable';

/**
 * What counts for an interface: the setting is on where either `all` or the interface has it, or only where both have; the larger
 * or the smaller of the two; the interface alone; or the interface, which a write to `all` sets as well.
 */
export type Combination = 'either' | 'both' | 'larger' | 'smaller' | 'interface' | 'all-sets';

/** A difference of a Red Hat kernel; what is not named is as in mainline. */
export interface Backport {
  readonly exists?: true;
  readonly accepts?: Bounds;
  /** A formula alone stands for that of mainline: the calculation knows of it. */
  readonly default?: { readonly value?: Value; readonly formula?: string };
  readonly module?: string;
  readonly scope?: Scope;
}
