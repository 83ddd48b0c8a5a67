import { printable } from '../text/printable.ts';
import { formatPlace, summarize } from './format-problem.ts';
import { asCode } from './markdown.ts';
import { type KnownProblem, knowProblems, messageOf, worstFirst } from './problem-formats/fingerprints.ts';
import type { ProblemReport } from './problem-formats/problem-format.ts';

/** For the line that says how many rows are left out. */
const RESERVE = 100;

/** All problems as a table in Markdown, the worst first, in at most `room` bytes. */
export function formatStepSummary(report: ProblemReport, room: number): string {
  const { problems, profiles } = report;
  const head = `\n### nettune validate\n\n${summarize(profiles.length, problems)}\n`;
  if (problems.length === 0) return Buffer.byteLength(head) > room ? '' : head;
  const title = `${head}\n| | where | what is wrong | what to do | id |\n|---|---|---|---|---|\n`;
  const rows = worstFirst(knowProblems(report)).map(formatRow);
  const fitting = countFitting(rows, room - Buffer.byteLength(title) - RESERVE);
  if (fitting === 0) return '';
  const rest = rows.length - fitting;
  return `${title}${rows.slice(0, fitting).join('')}${rest > 0 ? `\n… and ${rest} more\n` : ''}`;
}

/** How many of the first ones fit. */
function countFitting(rows: readonly string[], room: number): number {
  let left = room;
  const first = rows.findIndex((row) => {
    left -= Buffer.byteLength(row);
    return left < 0;
  });
  return first === -1 ? rows.length : first;
}

function formatRow({ problem, places: [place] }: KnownProblem): string {
  const { severity, remedy, id } = problem;
  const [location] = problem.locations;
  const where = place
    ? `${printable(place.path)}:${place.line}:${place.column}`
    : location
      ? formatPlace(location)
      : '';
  return `| ${[severity, asCode(where), asCode(messageOf(problem)), asCode(remedy), asCode(id)].join(' | ')} |\n`;
}
