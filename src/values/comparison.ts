import type { Cause, KernelDefault } from './explanation.ts';
import type { HostFigures } from './host.ts';
import type { PacketRule, Price, Value } from './plan.ts';
import type { Severity } from './problem.ts';

/** What differs between two sets of profiles; `schemas/compare.schema.json` says it for programs. */
export interface Comparison {
  /** Those that differ, the most disruptive change first. */
  readonly profiles: readonly ProfileComparison[];
  /** Names of those from which the same follows. */
  readonly same: readonly string[];
  /** Profiles without a plan to compare with: the other side has errors where it would be. */
  readonly unknown: readonly string[];
  /** Names of files in which an error stands between the text and a plan, on either side. */
  readonly broken: readonly string[];
}

/** A profile that differs; one that comes or goes has only one side. */
export interface ProfileComparison {
  readonly name: string;
  /** Which of the machines in `hosts`; absent where the profile is for one machine on both sides. */
  readonly machine?: string;
  readonly kind: 'changed' | 'new' | 'gone';
  /** The name that the profile had before, if it is another one. */
  readonly formerName?: string;
  readonly before?: ProfileFigures;
  readonly after?: ProfileFigures;
  /** Keys that are written differently: those that decisions follow from before the others. */
  readonly written: readonly WrittenChange[];
  /** Servers that are stopped and started when the plan is applied. */
  readonly restarts: readonly Restart[];
  readonly decisions: readonly DecisionChange[];
  readonly packetRules: Traded<PacketRule>;
  /** What is left alone on purpose, by its subject. */
  readonly leftAlone: Traded<string>;
  readonly artifacts: readonly ArtifactChange[];
  readonly problems: Traded<FoundProblem>;
}

/** What a profile is about. */
export interface ProfileFigures {
  readonly role: string;
  readonly host: HostFigures;
  /** As ports and ranges, in order. */
  readonly ports: readonly string[];
  readonly summary?: string;
  /** Why packet rules are loaded also on a host that cannot prove them. */
  readonly unproven?: string;
}

/** Things that come and things that go. */
export interface Traded<Thing> {
  readonly gone: readonly Thing[];
  readonly new: readonly Thing[];
}

/** A key of the profile with what each side says there; a side that says nothing has its default. */
export interface WrittenChange {
  readonly path: string;
  readonly before: Omit<Cause, 'path'>;
  readonly after: Omit<Cause, 'path'>;
}

/** A server that takes something only when it starts. */
export interface Restart {
  readonly service: string;
  /** Paths below / that change, and parameters. */
  readonly because: readonly string[];
}

/** A parameter that is chosen differently, or by another reason. */
export interface DecisionChange {
  /** The name of its row, which is today's. */
  readonly parameter: string;
  readonly unit: string;
  /** Absent: nothing was decided. */
  readonly before?: Choice;
  /** Absent: nothing is decided any more. */
  readonly after?: Choice;
  /** Of the causes on either side, the key paths that are written differently. */
  readonly causes: readonly string[];
  /** What would be there without nettune, on the host of the later side that has the parameter. */
  readonly kernelDefault?: KernelDefault;
  /** Absent where the value is the same, and only the reason is another. */
  readonly effect?: TakingEffect;
}

/** One side of a decision. */
export interface Choice {
  /** As the kernel or server spells it. */
  readonly name: string;
  readonly value: Value;
  readonly reason: string;
  readonly rule: string;
  /** Key paths. */
  readonly causes: readonly string[];
  readonly price?: Price;
}

/** How a changed value gets from the plan to the host. */
export interface TakingEffect {
  /** `restart`: with the server, which is stopped and started; `hand`: somebody has to edit a file of the server's own. */
  readonly way: 'restart' | 'hand' | 'care' | 'running';
  /** When it takes effect, once the plan is applied. */
  readonly when: string;
  /** What existing connections do about it. */
  readonly existing: string;
  /** What somebody should know before it is applied. */
  readonly caution?: string;
}

/** A generated file that differs. */
export interface ArtifactChange {
  /** Below the output folder. */
  readonly path: string;
  readonly kind: 'new' | 'gone' | 'changed';
  readonly purpose: string;
  /** Whether a change said elsewhere accounts for it: a decision, packet rules, ports, the host, the summary. */
  readonly isExplained: boolean;
}

/** A problem of a plan. */
export interface FoundProblem {
  readonly severity: Severity;
  readonly id: string;
  readonly message: string;
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}
