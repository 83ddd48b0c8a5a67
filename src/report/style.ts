/** Puts emphasis on text, or leaves it alone. */
export type Style = (emphasis: keyof typeof CODES, text: string) => string;

/** Of ECMA-48: what begins an emphasis, and what ends it. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
} as const;

export const plain: Style = (_, text) => text;

/** As terminals understand it. */
export const coloured: Style = (emphasis, text) => {
  const [begin, end] = CODES[emphasis];
  return `\u001b[${begin}m${text}\u001b[${end}m`;
};
