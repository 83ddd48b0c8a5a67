import { Parser } from 'yaml';
import { PROFILE_SCHEMA } from '#generated/texts.ts';
import { findNewerLanguage } from './schema/language-version.ts';
import type { Document } from './values/document.ts';
import type { Location, SourceText } from './values/location.ts';
import { errorAt, type Problem } from './values/problem.ts';
import type { Source } from './values/source.ts';
import { composeYaml } from './yaml/compose-yaml.ts';
import { convertYaml } from './yaml/convert-yaml.ts';
import { describeTooDeep, findTooDeep } from './yaml/nesting.ts';
import { listYamlFaults } from './yaml/yaml-faults.ts';

/** A thousand times a usual profile; the YAML parser needs seconds for a hostile file of 1 MiB. */
export const MAX_SOURCE_BYTES = 2 ** 18;

/** Turns a file into a document. */
export type Parse = (source: Source) => Document;

/** Parses each file once, however many profiles extend it. */
export function parseOnce(): Parse {
  const documents = new Map<string, Document>();
  return (source) => {
    const document = documents.get(source.identity) ?? parseDocument(source);
    documents.set(source.identity, document);
    return document;
  };
}

/** Reads one file as a map whose every value knows its place. Whatever the bytes are, the answer is a value. */
export function parseDocument(source: Source): Document {
  const guarded = parseBytes(source, source.isNamed);
  return source.isNamed || !isProfile(guarded) ? guarded : parseBytes(source, true);
}

/** A file shows that it is a profile by having no other keys; what is in any other file is never put into a message. */
function isProfile({ root }: Document): boolean {
  return root !== undefined && [...root.entries.keys()].every((key) => Object.hasOwn(PROFILE_SCHEMA.properties, key));
}

function parseBytes(source: Source, quotable: boolean): Document {
  const decoded = decode(source, quotable);
  if ('problem' in decoded) return { name: source.name, root: undefined, problems: [decoded.problem] };
  const { root, problems } = parseText(decoded);
  const newer = root && findNewerLanguage(root);
  return newer ? { name: source.name, root: undefined, problems: [newer] } : { name: source.name, root, problems };
}

type Parsed = Pick<Document, 'root' | 'problems'>;

function decode({ name, bytes }: Source, quotable: boolean): SourceText | { problem: Problem } {
  const nowhere = (id: string, message: string, remedy: string) => ({
    problem: errorAt({ file: { name, text: '', quotable: false }, start: 0, end: 0 }, id, message, remedy),
  });
  if (bytes.length > MAX_SOURCE_BYTES)
    return nowhere(
      'file-too-large',
      'the file is larger than 256 KiB',
      'a profile is a few hundred lines at most: is this one?',
    );
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return nowhere('not-utf-8', 'the file is in UTF-16', 'save it as UTF-8');
  const text = decodeUtf8(bytes);
  if (text === undefined)
    return nowhere('not-utf-8', 'the file is not UTF-8 text', 'save it as UTF-8, or check that it is a profile at all');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (control === -1) return { name, text, quotable };
  const file = { name, text, quotable: false };
  return {
    problem: errorAt(
      { file, start: control, end: control + 1 },
      'not-text',
      'there is a control character here, so this is not a text file',
      'remove it, or check that the file is a profile at all',
    ),
  };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseText(file: SourceText): Parsed {
  const whole: Location = { file, start: 0, end: 0 };
  const fail = (problems: Problem[]): Parsed => ({ root: undefined, problems });
  const tokens = [...new Parser().parse(file.text)];
  const tooDeep = findTooDeep(tokens);
  if (tooDeep !== undefined) return fail([describeTooDeep({ file, start: tooDeep, end: tooDeep + 1 })]);
  const yaml = composeYaml(tokens, file.text.length);
  const faults = listYamlFaults(file.text, [...yaml.errors, ...yaml.warnings]);
  if (faults.length > 0)
    return fail(
      faults.map(({ start, end, message, remedy }) => errorAt({ file, start, end }, 'yaml-syntax', message, remedy)),
    );
  if (yaml.contents === null)
    return fail([errorAt(whole, 'empty-file', 'the file is empty', 'write a profile into it')]);
  return convertYaml(file, yaml);
}
