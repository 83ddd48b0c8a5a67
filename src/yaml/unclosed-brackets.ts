import { CST, Lexer } from 'yaml';

interface OpenBracket {
  readonly bracket: string;
  /** The one that would close it. */
  readonly closing: string;
  readonly start: number;
}

/** A bracket that nothing closes; `end` is where the parser gives up waiting for that. */
export interface UnclosedBracket extends OpenBracket {
  readonly end: number;
}

const CLOSING = new Map([
  ['{', '}'],
  ['[', ']'],
]);

/** Of the lexer's own, which are no part of the text. */
const MARKS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

/** By the words of the parser, whose code is that of wrong indentation. */
export function isUnclosed({ message }: Error): boolean {
  return /^Flow (map|sequence) .*end with a [}\]]$/.test(message);
}

/** Of brackets that are left open at one place the innermost: when that is closed, the next one is told. */
export function findUnclosedBrackets(text: string): UnclosedBracket[] {
  const unclosed: UnclosedBracket[] = [];
  const open: OpenBracket[] = [];
  for (const { token, at } of listTokens(text)) {
    const innermost = open.at(-1);
    const isClosing = token === CST.FLOW_END || open.some((each) => each.closing === token);
    if (innermost && isClosing && innermost.closing !== token) unclosed.push({ ...innermost, end: at });
    if (isClosing) closeBrackets(open, token);
    const closing = CLOSING.get(token);
    if (closing) open.push({ bracket: token, closing, start: at });
  }
  return unclosed;
}

/** The tokens that stand for themselves, and are no text of a value; at the end no bracket can be open. */
function* listTokens(text: string): Generator<{ readonly token: string; readonly at: number }> {
  let [at, isText] = [0, false];
  for (const token of new Lexer().lex(text)) {
    if (!isText) yield { token, at };
    isText = token === CST.SCALAR;
    if (!MARKS.includes(token)) at += token.length;
  }
  yield { token: CST.FLOW_END, at };
}

/** Takes away what it closes and all inside that; FLOW_END, where a line is indented too little to go on, closes all. */
function closeBrackets(open: OpenBracket[], token: string): void {
  const closed = open.findLastIndex(({ closing }) => closing === token);
  open.splice(token === CST.FLOW_END ? 0 : closed);
}
