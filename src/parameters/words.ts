import { closest, distance } from 'fastest-levenshtein';
import { isRedhatSince, type KernelBuild } from '../values/host.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Value } from '../values/plan.ts';
import { moduleOfFolder } from './folder-modules.ts';
import { moduleOn } from './on-kernel.ts';
import type { ParameterRow, Word } from './parameter.ts';
import { findParameter } from './parameters.ts';

/** Whether this kernel has the word: by its release, unless Red Hat's has it otherwise. */
export function hasWord({ redhat = {}, ...range }: Word, build: KernelBuild): boolean {
  const own = Object.entries(redhat).findLast(([since]) => isRedhatSince(build, since));
  return own ? own[1] : isWithin(build.kernel, range);
}

/** Those that this kernel has. */
export function wordsOn({ words = [] }: ParameterRow, build: KernelBuild): readonly Word[] {
  return words.filter((each) => hasWord(each, build));
}

/** The words in a value; none in a number. */
export function wordsIn({ type }: ParameterRow, value: Value): readonly string[] {
  return type === 'word' || type === 'words' ? String(value).split(' ') : [];
}

/** The word that was likely meant: one that differs in capitals, in blanks around it, or in half of the letters at most. */
export function nearestWord(written: string, { words = [] }: ParameterRow): string | undefined {
  if (words.length === 0) return undefined;
  const asked = written.trim().toLowerCase().slice(0, 100);
  const likely = closest(
    asked,
    words.map(({ word }) => word),
  );
  return distance(asked, likely) <= asked.length / 2 ? likely : undefined;
}

/** Modules that have to be loaded before this kernel takes the value: what brings the key, and what brings its words. */
export function modulesFor(name: string, value: Value, build: KernelBuild): readonly string[] {
  const row = findParameter(name);
  const written = row ? wordsIn(row, value) : [];
  // Also for a word that the kernel should not have: who allows it knows better.
  const ofWords = row?.words?.filter(({ word }) => written.includes(word)) ?? [];
  const ofKey = row ? moduleOn(row, build) : moduleOfFolder(name, build);
  return [ofKey, ...ofWords.map(({ module }) => module)].filter((module) => module !== undefined);
}
