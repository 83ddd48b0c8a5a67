import { isRedhatSince, type KernelBuild, type Machine } from '../values/host.ts';
import { forKernel, isWithin } from '../values/kernel-version.ts';
import type { Value } from '../values/plan.ts';
import { readSides } from '../values/read-kernels.ts';
import type { Effect } from './effects.ts';
import type { Backport, Bounds, Combination, Default, Fact, ParameterRow, Scope } from './parameter.ts';
import { patchLevel } from './stable-series.ts';

/** How this kernel spells it; undefined where it has no such parameter. */
export function spell(row: ParameterRow, build: KernelBuild): string | undefined {
  if (!isWithin(build.kernel, row.exists) && !backportOf(row, build).exists) return undefined;
  return forKernel(build.kernel, row.formerNames ?? [])?.name ?? row.name;
}

/** Whether a value can be set on this kernel. */
export function isWritable(row: ParameterRow, { kernel }: KernelBuild): boolean {
  return row.readOnly === undefined || !isWithin(kernel, row.readOnly);
}

/** What this kernel takes without an error; undefined where nothing is checked, or words are taken. */
export function acceptedOn(row: ParameterRow, build: KernelBuild): Fact<Bounds> | undefined {
  return backportOf(row, build).accepts ?? forKernel(patchLevel(build), row.accepts ?? []);
}

/** What nettune is willing to write for this kernel; undefined where that is all that it takes. */
export function safeOn({ safe, formerlySafe }: ParameterRow, { kernel }: KernelBuild): Bounds | undefined {
  return formerlySafe && isWithin(kernel, formerlySafe) ? formerlySafe : safe;
}

/** What this kernel has before anybody sets it, as the row has it. */
export function defaultOn(row: ParameterRow, build: KernelBuild): Fact<Default> | undefined {
  const mainline = forKernel(patchLevel(build), row.defaults ?? []);
  const own = backportOf(row, build).default;
  if (own?.value !== undefined) return own;
  return mainline && { ...mainline, ...own };
}

/**
 * What this machine has before anybody sets it; undefined where only a formula is known. On a kernel that nobody has read the
 * larger of those on either side: with less, a host could lose what it has.
 */
export function defaultValue(row: ParameterRow, machine: Machine): Value | undefined {
  return valueOn(row, largerSide(row, machine));
}

/** The machine with the kernel whose default counts: its own, or the one beside it that has the larger. */
export function largerSide(row: ParameterRow, machine: Machine): Machine {
  const [first, ...others] = readSides(machine);
  const sizeOf = (side: Machine) => lastNumber(valueOn(row, side));
  return others.reduce((largest, each) => (sizeOf(each) > sizeOf(largest) ? each : largest), first);
}

function valueOn(row: ParameterRow, machine: Machine): Value | undefined {
  const value = defaultOn(row, machine)?.value;
  return typeof value === 'function' ? value(machine) : value;
}

/** Of `least default most` the most; nothing is larger than a name. */
function lastNumber(value: Value | undefined): number {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'number' ? last : Number.POSITIVE_INFINITY;
}

/** The module that brings it on this kernel. */
export function moduleOn(row: ParameterRow, build: KernelBuild): string | undefined {
  return backportOf(row, build).module ?? forKernel(build.kernel, row.modules ?? [])?.module;
}

/** Whose it is on this kernel. */
export function scopeOn(row: ParameterRow, build: KernelBuild): Scope | undefined {
  return backportOf(row, build).scope ?? forKernel(build.kernel, row.scope ?? [])?.scope;
}

/** When a change takes effect on this kernel. */
export function effectOn({ effect, formerEffect }: ParameterRow, { kernel }: KernelBuild): Effect {
  return formerEffect && isWithin(kernel, formerEffect) ? formerEffect.effect : effect;
}

/** What `all` and an interface's own value make together on this kernel. */
export function combinesOn(
  { combines, formerlyCombines }: ParameterRow,
  { kernel }: KernelBuild,
): Combination | undefined {
  return formerlyCombines && isWithin(kernel, formerlyCombines) ? formerlyCombines.combines : combines;
}

/** What Red Hat's kernel of this release does differently; nothing for any other kernel. */
function backportOf({ redhat }: ParameterRow, build: KernelBuild): Backport {
  if (redhat === undefined || build.redhat === undefined) return {};
  const held = Object.entries(redhat).filter(([since]) => isRedhatSince(build, since));
  return Object.assign({}, ...held.map(([, backport]) => backport));
}
