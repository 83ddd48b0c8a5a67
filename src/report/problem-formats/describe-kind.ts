import { CHECKS } from '../../checks/checks.ts';

/** What problems of a kind have in common. */
export interface KindDescription {
  /** What has to hold. */
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

/** Kinds that no check finds: what is not even a profile, or says something that no profile can say. */
export const FAULTS: Readonly<Record<string, KindDescription>> = {
  'allow-silences-something': { what: 'Every entry of `allow` silences a check that would find something.' },
  'duplicate-key': { what: 'A key stands once in a map.' },
  'empty-file': { what: 'The file of a profile says something.' },
  'file-too-large': { what: 'A profile has at most 256 KiB.' },
  'machine-fits-host': {
    what: 'A machine in `hosts` fits the `host` that it completes, and each key of `host` serves a machine.',
  },
  'machines-differ': { what: 'Each machine in `hosts` has a name of its own, and a host can tell them apart.' },
  'merge-key': { what: 'Profiles share values by `extends`, and not by the merge key of YAML.' },
  'missing-key': { what: 'A profile, with its bases, has every key that it needs.' },
  'name-is-unique': { what: 'No two profiles have the same name: they would write the same files.' },
  'newer-language': { what: 'A profile is written for a version of the language that this nettune knows.' },
  'not-text': { what: 'A profile is text, without control characters.' },
  'not-utf-8': { what: 'A profile is written in UTF-8.' },
  'out-of-range': { what: 'Every value lies in the range that its key has.' },
  'too-deep': { what: 'Values are nested no deeper than profiles need.' },
  'too-many-values': { what: 'A profile has no more values than anybody can read.' },
  'unknown-alias': { what: 'Every alias of YAML has its anchor above.' },
  'unknown-key': { what: 'Every key is one that profiles have at that place.' },
  'unknown-value': { what: 'Every value of a choice is one of those that nettune knows.' },
  'unusable-base': { what: '`extends` names a shipped profile, or a profile in the same repository.' },
  'wrong-length': { what: 'Texts and lists are as long as their keys allow.' },
  'wrong-shape': { what: 'Sizes, durations, ports and names are spelt as their keys want them.' },
  'wrong-type': { what: 'Every value is of the type that its key has: text, number, list or map.' },
  'yaml-syntax': { what: 'A profile is valid YAML 1.2.' },
};

/** By the id of a problem: that of a check, or of a fault. */
export function describeKind(id: string): Partial<KindDescription> {
  return CHECKS.find((check) => check.id === id) ?? FAULTS[id] ?? {};
}
