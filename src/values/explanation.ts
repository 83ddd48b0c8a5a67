import type { Alternative } from './alternative.ts';
import type { Host } from './host.ts';
import type { PacketRule, Price, Value } from './plan.ts';

/** Everything about a plan that can be said; `schemas/explain.schema.json` says it for programs. */
export interface PlanExplanation {
  readonly profile: string;
  /** Which of the machines in `hosts`; absent where the profile is for one machine. */
  readonly machine?: string;
  readonly role: string;
  readonly host: Host;
  /** What has to be known of the host's kernel, in prose. */
  readonly notes: readonly string[];
  readonly decisions: readonly Explanation[];
  readonly packetRules: readonly PacketRule[];
  /** What a host does while it cannot leave untracked what the plan leaves untracked. */
  readonly fallback?: string;
  /** Why packet rules are loaded also on a host that cannot prove them. */
  readonly unproven?: string;
  /** What is left alone on purpose, and why. */
  readonly omissions: readonly ExplainedOmission[];
  /** Ways to keep the connection table from filling; empty where there is nothing to choose. */
  readonly alternatives: readonly Alternative[];
}

export interface ExplainedOmission {
  readonly subject: string;
  /** By their names of today. */
  readonly parameters: readonly string[];
  readonly reason: string;
  readonly causes: readonly Cause[];
}

/** Why a parameter has its value, and what that means for the host. */
export interface Explanation {
  /** As this kernel or server spells it. */
  readonly name: string;
  /** The name of its row, which is today's. */
  readonly parameter: string;
  readonly value: Value;
  /** Of one number; empty for a choice, or for a parameter without a row. */
  readonly unit: string;
  /** The formula with its numbers put in; word for word what stands above the value in the artifact. */
  readonly reason: string;
  readonly rule: { readonly id: string; readonly source?: string };
  readonly causes: readonly Cause[];
  readonly price?: Price;
  readonly kernelDefault?: KernelDefault;
  /** What others would have chosen, whatever the traffic. */
  readonly others: readonly {
    readonly who: string;
    readonly value: Value;
    readonly note?: string;
    readonly source: string;
  }[];
  /** Paths of the artifacts that set it. */
  readonly artifacts: readonly string[];
  readonly effect?: { readonly when: string; readonly existing: string };
  readonly dangers: readonly string[];
  readonly source?: string;
}

/** What a host has before anybody sets it. */
export interface KernelDefault {
  readonly value?: Value;
  readonly formula?: string;
  /** Nobody has read this very kernel, and it may be the one before that still holds. */
  readonly unverified?: true;
}

/** A key of the profile that led to a value. */
export interface Cause {
  readonly path: string;
  /** Where it stands, in the profile or in a base; absent when neither says it, so that a default holds. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
  /** As it is written there. */
  readonly written?: unknown;
}
