import { VERSION } from '#generated/texts.ts';
import { printableJson } from '../../text/printable.ts';
import { rangeOf } from '../../values/location.ts';
import { type KnownProblem, knowProblems } from './fingerprints.ts';
import type { FormatProblems, ProblemReport } from './problem-format.ts';

/** Counts up when a program that reads the report would have to change. */
const REPORT_VERSION = 1;

/** Everything, as `schemas/problems.schema.json` describes it. */
export const formatJson: FormatProblems = (report) => {
  const { profiles } = report;
  const problems = knowProblems(report).map((known) => formatOne(known, report));
  return `${printableJson({ version: REPORT_VERSION, nettune: VERSION, profiles, problems })}\n`;
};

function formatOne({ problem, fingerprint }: KnownProblem, { isFailure, pathOf }: ProblemReport) {
  const { severity, id, message, remedy, locations, machines, numbersOf } = problem;
  return {
    severity,
    isFailure: isFailure(problem),
    id,
    message,
    remedy,
    ...(machines === undefined ? {} : { machines }),
    ...(numbersOf === undefined ? {} : { numbersOf }),
    fingerprint,
    locations: locations.map((location) => {
      const path = pathOf(location.file.name);
      return { file: location.file.name, ...(path === undefined ? {} : { path }), ...rangeOf(location) };
    }),
  };
}
