import { Composer, type CST, type Document, YAMLParseError } from 'yaml';

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  stringKeys: true,
  uniqueKeys: false, // found while converting: the parser's own search takes the square of the keys
  logLevel: 'error', // the library itself prints nothing
} as const;

/** The tree of a text that is cut into tokens already, as the library's own `parseDocument` would make it of the text. */
export function composeYaml(tokens: readonly CST.Token[], length: number): Document.Parsed {
  const [document, second] = new Composer(OPTIONS).compose(tokens, true, length);
  if (!document) throw new Error('the library makes a document of any text');
  if (second) {
    const [start, end] = second.range;
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'a second document'));
  }
  return document;
}
