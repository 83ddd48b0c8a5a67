import { escapeXml } from '../../text/escape-xml.ts';
import type { Problem } from '../../values/problem.ts';
import { formatProblem } from '../format-problem.ts';
import { plain } from '../style.ts';
import { type KnownProblem, knowProblems } from './fingerprints.ts';
import type { FormatProblems, ProblemReport } from './problem-format.ts';

/** A suite for each profile, and in it a test case for each problem, or one that passed. */
export const formatJUnit: FormatProblems = (report) => {
  const known = knowProblems(report);
  const suites = report.profiles.flatMap((profile) => {
    const cases = listCases(profile, known, report);
    return cases.length > 0 ? [{ name: report.pathOf(profile) ?? profile, cases }] : [];
  });
  const all = element(
    'testsuites',
    { name: 'nettune', ...count(suites.flatMap(({ cases }) => cases)) },
    suites.map(formatSuite),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${all}\n`;
};

interface Case {
  readonly known?: KnownProblem;
  readonly isFailure: boolean;
}

/** Problems that came up for it first; for a profile without any a case that says so. */
function listCases(profile: string, known: readonly KnownProblem[], { isFailure }: ProblemReport): Case[] {
  const own = known.filter(({ problem }) => namesOf(problem)[0] === profile);
  if (own.length > 0) return own.map((each) => ({ known: each, isFailure: isFailure(each.problem) }));
  return known.some(({ problem }) => namesOf(problem).includes(profile)) ? [] : [{ isFailure: false }];
}

const namesOf = ({ profiles = [] }: Problem): string[] => profiles.map(({ file }) => file.name);

function count(cases: readonly Case[]) {
  return { tests: cases.length, failures: cases.filter(({ isFailure }) => isFailure).length, errors: 0 };
}

function formatSuite({ name, cases }: { readonly name: string; readonly cases: readonly Case[] }): string {
  return element(
    'testsuite',
    { name, ...count(cases), skipped: 0 },
    cases.map((each) => formatCase(each, name)),
  );
}

function formatCase({ known, isFailure }: Case, suite: string): string {
  if (!known) return element('testcase', { name: 'no problems', classname: suite, file: suite });
  const {
    problem,
    places: [place],
    ordinal,
  } = known;
  const { id, message } = problem;
  const name = `${id}: ${message}${ordinal > 1 ? ` (${ordinal})` : ''}`;
  const said = escapeXml(formatProblem(problem, plain));
  const body = isFailure
    ? element('failure', { message, type: id }, [said], '')
    : element('system-out', {}, [said], '');
  const at = place ? { file: place.path, line: place.line } : {};
  return element('testcase', { name, classname: suite, ...at }, [body]);
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
  separator = '\n',
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  if (content.length === 0) return `<${name}${pairs.join('')}/>`;
  return `<${name}${pairs.join('')}>${[separator, ...content.flatMap((part) => [part, separator])].join('')}</${name}>`;
}
