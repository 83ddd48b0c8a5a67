import { eastAsianWidth } from 'get-east-asian-width';
import { printable, printableName } from '../text/printable.ts';
import { type Location, positionOf } from '../values/location.ts';
import type { Problem } from '../values/problem.ts';
import { sayMachines } from '../values/say-machines.ts';
import { plain, type Style } from './style.ts';

/** Characters of a source line that are shown around the place of a problem. */
const EXCERPT_WIDTH = 100;

const GUTTER = '     ';

/** More than anybody reads; a hostile file may have thousands. */
const MOST_SHOWN = 100;

/** All problems as people read them, up to a number. */
export function formatProblems(problems: readonly Problem[], style: Style): string {
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => `${formatProblem(problem, style)}\n\n`);
  return `${shown.join('')}${problems.length > MOST_SHOWN ? `… and ${problems.length - MOST_SHOWN} more\n\n` : ''}`;
}

/** A problem as people read it: place, message and id; the line with a caret; what to do. */
export function formatProblem(problem: Problem, style = plain): string {
  const { severity, id, message, remedy, locations } = problem;
  const [main, ...others] = locations;
  const machines = sayMachines(problem);
  const colour = severity === 'error' ? 'red' : 'yellow';
  const lines = [
    `${main ? `${style('bold', formatPlace(main))}: ` : ''}${style(colour, severity)}: ${message} ${style('dim', `[${id}]`)}`,
    ...(main ? formatExcerpt(main, style) : []),
    ...others.flatMap((other) => [
      `${GUTTER} ${style('dim', `and ${formatPlace(other)}`)}`,
      ...formatExcerpt(other, style),
    ]),
    ...(machines === undefined ? [] : [`${GUTTER} ${style('cyan', 'on:')} ${machines}`]),
    `${GUTTER} ${style('cyan', 'do:')} ${remedy}`,
  ];
  return lines.join('\n');
}

/** `3 profiles: 1 error, 2 warnings` */
export function summarize(count: number, problems: readonly Problem[]): string {
  return `${count} ${count === 1 ? 'profile' : 'profiles'}: ${countProblems(problems)}`;
}

/** `1 error, 2 warnings` */
function countProblems(problems: readonly Problem[]): string {
  const count = (severity: Problem['severity']) => {
    const found = problems.filter((problem) => problem.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}${found === 1 ? '' : 's'}`];
  };
  return [...count('error'), ...count('warning')].join(', ') || 'no problems';
}

/** `profiles/shop.yaml:3:9` */
export function formatPlace(location: Location): string {
  const name = printableName(location.file.name);
  if (location.file.text === '') return name;
  const { line, column } = positionOf(location);
  return `${name}:${line}:${column}`;
}

/** The source line, and a caret under each character of the place; nothing for a file that must not be quoted. */
function formatExcerpt(location: Location, style: Style): string[] {
  const { file, start, end } = location;
  if (!file.quotable || file.text === '') return [];
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = file.text.indexOf('\n', start);
  const line = file.text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, '');
  const { shown, before, marked } = cutLine(line, start - lineStart, Math.max(1, end - start));
  const number = String(positionOf(location).line).padStart(GUTTER.length - 1);
  return [
    `${style('dim', `${number} |`)} ${shown}`,
    `${style('dim', `${GUTTER}|`)} ${' '.repeat(widthOf(before))}${style('red', '^'.repeat(Math.max(1, widthOf(marked))))}`,
  ];
}

/** The part of a line around a place, made printable, and how much of it lies before the place and in it. */
function cutLine(line: string, start: number, length: number) {
  const from = start <= EXCERPT_WIDTH ? 0 : start - EXCERPT_WIDTH / 2;
  const until = Math.min(line.length, from + EXCERPT_WIDTH + EXCERPT_WIDTH / 2);
  const part = (a: number, b: number) => printable(line.slice(a, b).replaceAll('\t', ' '));
  return { shown: part(from, until), before: part(from, start), marked: part(start, Math.min(until, start + length)) };
}

/** Columns of a terminal: East Asian characters take two. */
function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + eastAsianWidth(character.codePointAt(0) ?? 0), 0);
}
