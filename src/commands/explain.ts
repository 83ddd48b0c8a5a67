import { Misuse } from '../edge/misuse.ts';
import { findParameter, namesOf, PARAMETERS } from '../parameters/parameters.ts';
import { lastPart, suggestParameter } from '../parameters/suggest-parameter.ts';
import { formatExplanation, formatOmission, formatPlanExplanation } from '../report/format-explanation.ts';
import { formatMarkdown } from '../report/format-markdown.ts';
import { printableJson, quote } from '../text/printable.ts';
import type { Explanation, PlanExplanation } from '../values/explanation.ts';
import { figuresOf } from '../values/host.ts';
import { type AddCommand, EXIT, type Exit, type Streams } from './command.ts';
import { compilePaths, hasProblem, reportProblems } from './compile-paths.ts';
import { type Format, formatOption } from './options.ts';

/** `nettune explain`: why every value is what it is, what it costs, and what else it could have been. */
export const addExplain: AddCommand = (program, streams, finish) => {
  program
    .command('explain')
    .description('say why each value is what it is, what it costs, and when it is felt')
    .argument(
      '<PROFILE>',
      'a profile, by its file or the name of a shipped one; a folder, a glob, or - for standard input',
    )
    .argument('[PARAMETER]', 'one parameter, by its name or the last part of it; default: all that are decided')
    .addOption(formatOption())
    .action(async (path: string, name: string | undefined, { format }: { format: Format }) => {
      finish(await explain(path, name, format, streams));
    });
};

/** A plan with problems is explained all the same: that is when the reasons are wanted. */
async function explain(
  path: string,
  name: string | undefined,
  format: Format,
  { out, err, status }: Streams,
): Promise<Exit> {
  const { compiled, problems } = await compilePaths([path], status.show);
  reportProblems(problems, err);
  const explanations = compiled.map((each) => choose(each.explain(), name));
  if (format === 'json') out.write(`${printableJson({ version: 1, profiles: explanations.map(toJson) })}\n`);
  if (format === 'markdown') out.write(explanations.map(formatMarkdown).join('\n'));
  if (format === 'text')
    out.write(explanations.map((each) => toText(each, name, explanations.length > 1, out.style)).join('\n'));
  return hasProblem(problems, 'error') ? EXIT.problems : EXIT.clean;
}

/** Among several profiles each is named. */
function toText(
  explanation: PlanExplanation,
  name: string | undefined,
  isOneOfSeveral: boolean,
  style: Streams['out']['style'],
): string {
  if (name === undefined || isOneOfSeveral) return formatPlanExplanation(explanation, style);
  const { decisions, omissions } = explanation;
  if (decisions.length > 0) return decisions.map((each) => formatExplanation(each, style)).join('\n');
  if (omissions.length > 0) return omissions.map((each) => formatOmission(each, style)).join('\n');
  return `nettune sets nothing for ${quote(name)} in ${explanation.profile}: the default stays. \`nettune parameters ${lastPart(name)}\` says what that is.\n`;
}

/** Those that are asked for, by any name of theirs. */
function choose(explanation: PlanExplanation, name: string | undefined): PlanExplanation {
  if (name === undefined) return explanation;
  const decisions = explanation.decisions.filter((each) => isCalled(each, name));
  if (decisions.length === 0) refuseUnknown(name);
  const omissions = explanation.omissions.filter(({ parameters }) =>
    parameters.some((parameter) => isCalled({ name: parameter, parameter }, name)),
  );
  return { ...explanation, decisions, packetRules: [], omissions };
}

function isCalled({ name, parameter }: Pick<Explanation, 'name' | 'parameter'>, asked: string): boolean {
  const row = findParameter(parameter);
  return isNameOf([name, parameter, ...(row ? namesOf(row) : [])], asked);
}

/** A whole name, or the last part of one. */
function isNameOf(names: readonly string[], asked: string): boolean {
  return names.some((each) => each === asked || (!asked.includes('.') && lastPart(each) === lastPart(asked)));
}

function refuseUnknown(name: string): void {
  if (PARAMETERS.some((row) => isNameOf(namesOf(row), name)) || findParameter(name)) return;
  const likely = suggestParameter(name);
  const remedy = likely ? `did you mean ${likely}?` : '`nettune parameters` lists those it knows';
  throw new Misuse(`nettune does not know the parameter ${quote(name)}: ${remedy}`);
}

function toJson({ host, ...explanation }: PlanExplanation) {
  return { ...explanation, host: figuresOf(host) };
}
