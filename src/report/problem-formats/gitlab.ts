import { printableJson } from '../../text/printable.ts';
import { positionOf } from '../../values/location.ts';
import { type KnownProblem, knowProblems, sentenceOf } from './fingerprints.ts';
import type { FormatProblems } from './problem-format.ts';

const SEVERITIES = { error: 'major', warning: 'minor' } as const;

/** A Code Quality report, for `artifacts: reports: codequality`. */
export const formatGitLab: FormatProblems = (report) => `${printableJson(knowProblems(report).map(formatIssue))}\n`;

/** GitLab wants a path for each, even for what came from standard input. */
function formatIssue({ problem, places: [place], fingerprint }: KnownProblem) {
  const [location] = problem.locations;
  return {
    description: sentenceOf(problem),
    check_name: problem.id,
    fingerprint,
    severity: SEVERITIES[problem.severity],
    location: {
      path: place?.path ?? location?.file.name ?? 'nettune',
      lines: { begin: place?.line ?? (location ? positionOf(location).line : 1) },
    },
  };
}
