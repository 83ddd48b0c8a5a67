import type { Host } from '../values/host.ts';
import type { KernelRange } from '../values/kernel-version.ts';
import type { Value } from '../values/plan.ts';

/** Something that can be tuned. Facts are by mainline kernel; bounds include both ends. */
export interface ParameterRow {
  /** As today's kernel or server spells it. */
  readonly name: string;
  readonly kind: 'sysctl' | 'module-option' | 'apache';
  /** Earlier names, with the kernels on which each is the one to use. */
  readonly formerNames?: readonly (KernelRange & { readonly name: string })[];
  /** Other keys for the same variable, which nettune does not write. */
  readonly aliases?: readonly string[];
  /** Kernels that have it under any name. */
  readonly exists: KernelRange;
  /** Why it went and what to do instead, for one that is gone. */
  readonly insteadOf?: string;
  readonly type: 'integer' | 'boolean' | 'port-range' | 'ports';
  /** Of one number; empty for a choice. */
  readonly unit: string;
  /** What the kernel takes without an error. */
  readonly accepts?: readonly (KernelRange & Bounds)[];
  /** What nettune is willing to write: narrower where the kernel takes values that break the host. */
  readonly safe?: Bounds;
  /** What a kernel has before anybody sets it; a function where it depends on the machine. */
  readonly defaults?: readonly (KernelRange & { readonly value: Value | ((host: Host) => number) })[];
  /** The module that brings the key. */
  readonly module?: string;
  readonly summary: string;
  readonly source: string;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}
