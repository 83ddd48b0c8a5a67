/** More words than that in one sentence make a tired reader begin it again. Cells of tables and items of lists stand alone. */
const LONGEST_SENTENCE = 30;

/** What `docs` are not to say, each with what the field says. */
const BANNED: readonly { readonly pattern: RegExp; readonly better: string }[] = [
  { pattern: /\bfelt\b/i, better: 'takes effect' },
  { pattern: /\bbewares?\b/i, better: 'caution' },
  { pattern: /\bbut for\b/i, better: 'except' },
  { pattern: /\bput(s|ting)? back\b/i, better: 'restore' },
  { pattern: /\bput (it|them|everything|that|this) back\b/i, better: 'restore' },
  { pattern: /\bputs (it|them|everything|that|this) back\b/i, better: 'restore' },
  { pattern: /\bcalled wrongly\b/i, better: 'usage error' },
  { pattern: /\bin the way\b/i, better: 'exists, or conflicts' },
  { pattern: /\b(th(at|ose)|what is) of (it|them|its|their|the|a|an|each|one)\b/i, better: 'name the thing again' },
  { pattern: /\b(by|of|from|through|to) which\b/i, better: 'two sentences' },
  { pattern: /\bnothing but\b/i, better: 'only' },
];

/** What is hard to read in a page of Markdown, a line each. Code is no prose, and numbers of a formula are no words. */
export function findHardToRead(markdown: string): string[] {
  return sentencesOf(markdown).flatMap((sentence) => [
    ...BANNED.filter(({ pattern }) => pattern.test(sentence)).map(({ better }) => `${better}: ${sentence}`),
    ...(countWords(sentence) > LONGEST_SENTENCE ? [`${countWords(sentence)} words: ${sentence}`] : []),
  ]);
}

function sentencesOf(markdown: string): string[] {
  return markdown
    .replace(/<!--.*?-->/gs, '')
    .replace(/^```.*?^```$/gms, '\n\n')
    .replaceAll(/<br>| · /g, '\n\n')
    .split(/\n\s*\n|\n(?=\s*(?:[-#|]|\d+\.) ?)|(?<=^#.*)\n|(?<=\|)(?=.)/m)
    .flatMap((block) => block.replace(/\s+/g, ' ').split(/(?<=[.!?:;])\s/))
    .map((sentence) => sentence.replaceAll(/`[^`]*`/g, 'CODE').trim())
    .filter((sentence) => /\w/.test(sentence));
}

function countWords(sentence: string): number {
  return sentence.split(' ').filter((word) => /[a-z]/i.test(word) && !word.includes('CODE')).length;
}
