import type { Argument, Option } from 'commander';

/** What may stand for an option or argument, where that is known: one of these, or with commas several. */
export interface Choice {
  readonly words: readonly string[];
  readonly isList: boolean;
}

/** By commander's choices; a default that is a list says what an option may take some of. */
export function choiceOf({ argChoices, defaultValue }: Option | Argument): Choice | undefined {
  if (argChoices) return { words: argChoices, isList: false };
  return Array.isArray(defaultValue) ? { words: defaultValue, isList: true } : undefined;
}

/** An option or argument in a sentence, with what it may be and what it is otherwise. */
export function describeUsage(usage: Option | Argument): string {
  const choice = choiceOf(usage);
  const facts = [
    ...(choice ? [choice.words.join(', ')] : []),
    ...(hasDefault(usage) ? [`default: ${choice?.isList ? 'all' : usage.defaultValue}`] : []),
  ];
  return facts.length > 0 ? `${usage.description} (${facts.join('; ')})` : usage.description;
}

function hasDefault({ defaultValue }: Option | Argument): boolean {
  return defaultValue !== undefined && typeof defaultValue !== 'boolean';
}
