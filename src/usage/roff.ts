const BACKSLASH = '\\';

/** Characters that roff takes for something else, or that a reader could not copy. */
const ESCAPES: Readonly<Record<string, string>> = {
  [BACKSLASH]: `${BACKSLASH}e`,
  '-': `${BACKSLASH}-`,
  "'": `${BACKSLASH}(aq`,
  '`': `${BACKSLASH}(ga`,
  '^': `${BACKSLASH}(ha`,
  '~': `${BACKSLASH}(ti`,
};

/** Text as it is, on one line of roff that is no request. */
export function roff(text: string): string {
  return text
    .replace(/[\\\-'`^~]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[^\0-\x7f]/gu, (character) => `${BACKSLASH}[u${hex(character)}]`)
    .replace(/^\./, `${BACKSLASH}&.`);
}

/** Prose in which what stands in backticks is to be typed as it is. */
export function roffProse(text: string): string {
  const parts = text.split('`').map((part, index) => (index % 2 === 1 ? bold(part) : roff(part)));
  return parts.join('');
}

export function bold(text: string): string {
  return `${BACKSLASH}fB${roff(text)}${BACKSLASH}fR`;
}

/** What the reader replaces. */
export function italic(text: string): string {
  return `${BACKSLASH}fI${roff(text)}${BACKSLASH}fR`;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
