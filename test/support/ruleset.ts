import type { Filter } from '../../src/rules/packet-tool.ts';

/** What loads a rule set: iptables of either kind, or nft. */
export type Engine = 'iptables-nft' | 'iptables-legacy' | 'nft';

/**
 * A host with rules of its own, and what loading nettune's rules on it must do. Its files lie in test/kernel/rulesets:
 * `.rules` and `.rules6` for iptables, `.legacy` for a second, old iptables, `.nft`, `.ipset`.
 */
export interface RuleSet {
  /** Folder and name of the files, without their ends. */
  readonly name: string;
  readonly engines: readonly Engine[];
  /** What the profile says of the host's filter; otherwise that of the engine. */
  readonly filter?: Filter;
  /** Served and untracked; otherwise 80 and 443. */
  readonly ports?: readonly number[];
  /** Other ports on which somebody listens, or which lead to served ones; otherwise 22 and 8081. */
  readonly others?: readonly number[];
  /** Lines of the profile beside those. */
  readonly profile?: string;
  /** Refused at the first served port, by address. */
  readonly banned?: readonly string[];
  /** Admitted there where others may not be. */
  readonly allowed?: readonly string[];
  /** Strangers do not get in at the first served port; otherwise they do. */
  readonly isClosed?: boolean;
  /** Devices beside eth0 and lo: the server's address on it, and a client behind it. */
  readonly devices?: Readonly<Record<string, { server: string; client: string }>>;
  /** Lines of `ip -batch` for the server: addresses beside its first ones, routes, and policy rules. */
  readonly network?: readonly string[];
  /** Where clients go too, beside the server's first address: more addresses of its own, or some that only its rules know. */
  readonly alsoAt?: readonly (readonly [address: string, port: number])[];
  /** Addresses and ports to which the host itself connects, beside its own. */
  readonly fromHost?: readonly (readonly [address: string, port: number])[];
  /** Ports on which the clients' side listens: containers, other machines. */
  readonly behind?: readonly number[];
  readonly sysctls?: readonly string[];
  /** Long answers hang behind a narrow path without nettune: the host drops all ICMP. */
  readonly losesLongAnswers?: boolean;
  /** Somebody restores the files once more behind nettune's back: what was open and who gets in is as before within seconds. */
  readonly isRestoredAgain?: boolean;
  /** `loads`; refused, with a reason like this; `either`: it may be proven or not. Nothing may change in any case. */
  readonly outcome: 'loads' | 'either' | RegExp;
}

/** What loading did to each rule set: `because` are the reasons of a refusal, or notes. */
export type Verdicts = Record<string, Partial<Record<Engine, { outcome: string; because: readonly string[] }>>>;
