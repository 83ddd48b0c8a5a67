import type { Profile } from '#generated/profile.ts';
import { defaultValue, spell } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { RoleRow } from '../roles/role.ts';
import { roleRow } from '../roles/roles.ts';
import { decisionOn } from '../values/decided.ts';
import type { Host, Machine } from '../values/host.ts';
import type { Decision, Plan, Value } from '../values/plan.ts';
import type { PortRange } from '../values/ports.ts';
import type { Traffic } from '../values/traffic.ts';

/** All that a rule may look at. */
export interface Circumstances {
  readonly profile: Profile;
  readonly host: Host;
  readonly role: RoleRow;
  readonly traffic: Traffic;
  /** In order and without overlaps. */
  readonly servedPorts: readonly PortRange[];
  /** What is decided so far about a parameter, by the name of its row: by an override, or by an earlier rule. */
  readonly decided: (parameter: string) => Decided | undefined;
}

/** A value that is already in force, and what it follows from. */
export interface Decided {
  readonly value: Value;
  readonly causes: readonly string[];
}

/** What a rule wants a parameter to be; the derive stage spells the name for the kernel, and lets an override win. */
export type Proposal = Omit<Decision, 'rule' | 'spelling'>;

/** Chooses values for parameters that belong together. Pure; never a bare constant without a reason. */
export interface Rule {
  readonly id: string;
  /** Where what it relies on is known from. */
  readonly source: string;
  readonly propose: (given: Circumstances) => readonly Proposal[];
}

/** The value of a decision that is a number; an override may be anything, and is reported then. */
export function numberOf(decided: Decided | undefined): number | undefined {
  return typeof decided?.value === 'number' ? decided.value : undefined;
}

/** The number that holds on the host: as decided, or the kernel's own; undefined where neither is known. */
export function numberInForce(
  parameter: string,
  { decided, host }: Pick<Circumstances, 'decided' | 'host'>,
): number | undefined {
  const row = findParameter(parameter);
  const isThere = row && spell(row, host) !== undefined;
  return numberOf(decided(parameter)) ?? (isThere ? defaultOf(parameter, host) : undefined);
}

/** The number that the kernel has before anybody sets it; undefined where that is no number, or not known. */
export function defaultOf(parameter: string, machine: Machine): number | undefined {
  const row = findParameter(parameter);
  const standard = row && defaultValue(row, machine);
  return typeof standard === 'number' ? standard : undefined;
}

/** What the rules of a finished plan were given, for a check that asks them again. */
export function circumstancesOf(plan: Plan): Circumstances {
  return { ...plan, role: roleRow(plan.role), decided: (parameter) => decisionOn(plan, parameter) };
}
