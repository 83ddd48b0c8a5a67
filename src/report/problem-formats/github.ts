import { printable } from '../../text/printable.ts';
import { type KnownProblem, knowProblems, sentenceOf, worstFirst } from './fingerprints.ts';
import type { FormatProblems } from './problem-format.ts';

/** As many of a severity as GitHub shows of a step. */
const ANNOTATIONS = 10;

/** As many as a log is to hold; a hostile profile may have thousands. */
const LOGGED = 100;

/** A workflow command for each problem, which GitHub shows at the line; the worst first. */
export const formatGitHub: FormatProblems = (report) => {
  const known = worstFirst(knowProblems(report));
  const commands = known.slice(0, LOGGED).map(formatAnnotation);
  const notice = describeRest(known);
  return [...commands, ...(notice ? [formatCommand('notice', { title: 'nettune' }, notice)] : [])].join('');
};

function formatAnnotation({ problem, places: [place] }: KnownProblem): string {
  const at = place && {
    file: place.path,
    line: place.line,
    endLine: place.line,
    col: place.column,
    endColumn: place.endColumn,
  };
  return formatCommand(problem.severity, { title: problem.id, ...at }, sentenceOf(problem));
}

function describeRest(known: readonly KnownProblem[]): string | undefined {
  const rest = (['error', 'warning'] as const).flatMap((severity) => {
    const hidden = known.filter(({ problem }) => problem.severity === severity).length - ANNOTATIONS;
    return hidden > 0 ? [`${hidden} more ${severity}${hidden === 1 ? '' : 's'}`] : [];
  });
  if (rest.length === 0) return undefined;
  const cut = known.length > LOGGED ? ` The log has the first ${LOGGED} problems.` : '';
  return `GitHub shows ${ANNOTATIONS} errors and ${ANNOTATIONS} warnings of a step at their lines. Not shown: ${rest.join(' and ')}.${cut}`;
}

function formatCommand(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${pairs.join(',')}::${escapeMessage(message)}\n`;
}

function escapeMessage(text: string): string {
  return keepLineEnds(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Printable but for the two characters that have an escape: a file is found only by its very name. */
function keepLineEnds(text: string): string {
  return text
    .split(/([\r\n])/)
    .map((part) => (/^[\r\n]$/.test(part) ? part : printable(part)))
    .join('');
}
