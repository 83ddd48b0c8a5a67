import type { MachineDocument } from './list-machines.ts';
import { listMachineFaults } from './schema/machine-faults.ts';
import { type ValidProfile, validateProfile } from './validate-profile.ts';
import type { Document } from './values/document.ts';
import type { Problem } from './values/problem.ts';

/** A valid profile as it is for one machine. */
export type ValidMachine = ValidProfile & Pick<MachineDocument, 'machine' | 'at'>;

/**
 * The profile for each of its machines, or what it lacks; it may be valid and have problems, which are warnings then. `documents`
 * are the profile and its bases, the furthest first, and `merged` is what they say together.
 */
export function validateMachines(
  machines: readonly MachineDocument[],
  merged: Document,
  documents: readonly Document[],
): { valid?: readonly [ValidMachine, ...ValidMachine[]]; problems: Problem[] } {
  const validated = machines.map(({ document, ...machine }) => ({ ...machine, ...validateProfile(document) }));
  const [first, ...more] = validated.flatMap(({ valid, problems: _, ...machine }) =>
    valid ? [{ ...machine, ...valid }] : [],
  );
  const problems = validated.flatMap((each) => each.problems);
  if (!first || problems.length > 0) return { problems };
  const faults = listMachineFaults([first, ...more], merged.root, documents);
  return { ...(faults.some(isError) ? {} : { valid: [first, ...more] }), problems: faults };
}

const isError = ({ severity }: Problem): boolean => severity === 'error';
