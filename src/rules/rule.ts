import type { Profile } from '#generated/profile.ts';
import type { RoleRow } from '../roles/role.ts';
import type { Host } from '../values/host.ts';
import type { Decision, Value } from '../values/plan.ts';
import type { PortRange } from '../values/ports.ts';

/** All that a rule may look at. */
export interface Circumstances {
  readonly profile: Profile;
  readonly host: Host;
  readonly role: RoleRow;
  /** In order and without overlaps. */
  readonly servedPorts: readonly PortRange[];
  /** The value that is in force so far for a parameter, by the name of its row: an override, or what an earlier rule chose. */
  readonly decided: (parameter: string) => Value | undefined;
}

/** What a rule wants a parameter to be; the derive stage spells the name for the kernel, and lets an override win. */
export type Proposal = Omit<Decision, 'rule'>;

/** Chooses values for parameters that belong together. Pure; never a bare constant without a reason. */
export interface Rule {
  readonly id: string;
  readonly propose: (given: Circumstances) => readonly Proposal[];
}
