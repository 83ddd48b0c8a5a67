import { formatProblems, summarize } from '../format-problem.ts';
import type { FormatProblems } from './problem-format.ts';

/** Each problem with its line, and a sum. */
export const formatText: FormatProblems = ({ problems, profiles }, style) =>
  `${formatProblems(problems, style)}${summarize(profiles.length, problems)}\n`;
