import type { ErrorCode, YAMLError } from 'yaml';
import { findUnclosedBrackets, isUnclosed, type UnclosedBracket } from './unclosed-brackets.ts';

/** What a fault of YAML syntax is called, and what mends it. */
interface YamlFault {
  readonly message: string;
  readonly remedy: string;
}

/** Faults that people make, by the parser's code; its own texts may quote the file and name the grammar's insides. */
const YAML_FAULTS: Partial<Record<ErrorCode, YamlFault>> = {
  ALIAS_PROPS: { message: 'an alias cannot have an anchor or a tag of its own', remedy: 'leave only the `*name`' },
  BAD_ALIAS: {
    message: 'this alias is not spelled as one',
    remedy: 'write `*name`, or quote the text if it is no alias',
  },
  BAD_DIRECTIVE: {
    message: 'a line that begins with % is a directive, and YAML knows no such one',
    remedy: 'quote the text',
  },
  BAD_DQ_ESCAPE: {
    message: 'this backslash escape does not exist',
    remedy: 'write two backslashes, or use single quotes around the text',
  },
  BAD_INDENT: {
    message: 'this line is indented differently from those it belongs to',
    remedy: 'give the keys of one map the same number of spaces',
  },
  BAD_SCALAR_START: { message: 'a plain text cannot begin with this character', remedy: 'put the text in quotes' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'there is a second `: ` on this line',
    remedy: 'put the text after the first colon in quotes, or start a new line',
  },
  BLOCK_IN_FLOW: { message: 'an indented block cannot stand inside [ ] or { }', remedy: 'close the bracket first' },
  KEY_OVER_1024_CHARS: { message: 'this key is too long', remedy: 'check that the line before it is complete' },
  MISSING_CHAR: {
    message: 'a bracket, quote, comma, colon or blank is missing here',
    remedy: 'close what was opened on this line or above it, and put a blank after each `:`',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'this line and the next are read as one',
    remedy: 'give both the same indentation, or put in the `:` that is missing',
  },
  MULTIPLE_DOCS: {
    message: 'a second document begins here, and a file holds one profile',
    remedy: 'move it to a file of its own, or remove the `---`',
  },
  NON_STRING_KEY: { message: 'a key must be a plain name', remedy: 'write `key: value`' },
  TAB_AS_INDENT: { message: 'a tab indents this line', remedy: 'indent with spaces' },
  TAG_RESOLVE_FAILED: { message: 'a profile has no tags (`!name`)', remedy: 'remove the tag, or quote the text' },
};

const OTHER: YamlFault = {
  message: 'this is not valid YAML',
  remedy: 'check quotes, brackets and indentation here and on the line above',
};

/** A hostile file has one for each of its characters; nobody mends as many. */
const MOST_FAULTS = 1000;

interface PlacedFault extends YamlFault {
  readonly start: number;
  readonly end: number;
}

/** A fault brings others in its train: of those at one place the first says most, and behind an open bracket that does. */
export function listYamlFaults(text: string, errors: readonly YAMLError[]): PlacedFault[] {
  const unclosed = errors.some(isUnclosed) ? findUnclosedBrackets(text).slice(0, MOST_FAULTS) : [];
  const isInTrain = (error: YAMLError) =>
    isUnclosed(error) || unclosed.some(({ start, end }) => start < error.pos[0] && error.pos[0] <= end);
  const first = errors.slice(0, MOST_FAULTS);
  const others = unclosed.length === 0 ? first : first.filter((error) => !isInTrain(error));
  const faults = [...unclosed.map(describeUnclosed), ...others.map(describeError)];
  return [...new Map([...faults].reverse().map((fault) => [fault.start, fault])).values()];
}

function describeError({ code, pos: [start, end] }: YAMLError): PlacedFault {
  return { ...(YAML_FAULTS[code] ?? OTHER), start, end };
}

function describeUnclosed({ bracket, closing, start }: UnclosedBracket): PlacedFault {
  const message = `this \`${bracket}\` is not closed`;
  return { message, remedy: `put \`${closing}\` behind the last value that belongs to it`, start, end: start + 1 };
}
