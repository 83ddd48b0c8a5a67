import { findNamed } from '../parameters/find-named.ts';
import { findParameter, namesOf, PARAMETERS } from '../parameters/parameters.ts';
import { formatExplanation, formatOmission, formatPlanExplanation } from '../report/format-explanation.ts';
import { formatMarkdown } from '../report/format-markdown.ts';
import { formatOverview } from '../report/format-overview.ts';
import { printable, printableJson, quote } from '../text/printable.ts';
import type { PlanExplanation } from '../values/explanation.ts';
import { figuresOf } from '../values/host.ts';
import { type AddCommand, EXIT, type Exit, type Streams } from './command.ts';
import { compilePaths, hasProblem, reportProblems } from './compile-paths.ts';
import { type Format, formatOption } from './options.ts';
import { unknownParameter } from './unknown-parameter.ts';

/** `nettune explain`: why every value is what it is, what it costs, and what else it could have been. */
export const addExplain: AddCommand = (program, streams, finish) => {
  program
    .command('explain')
    .description('say why each value is what it is, what it costs, and when it takes effect')
    .argument(
      '<PROFILE>',
      'a profile, by its file or the name of a shipped one; a folder, a glob, or - for standard input',
    )
    .argument('[PARAMETER]', 'one parameter, by its name or a part of it; default: an overview of all values')
    .addOption(formatOption())
    .showHelpAfterError() // whoever calls it alone does not know yet what it takes
    .option('--verbose', 'show all about every value, as for one parameter')
    .action(async (path: string, name: string | undefined, { format, verbose }: { format: Format; verbose?: true }) => {
      finish(await explain(path, name, { format, isVerbose: verbose ?? false }, streams));
    });
};

/** A plan with problems is explained all the same: that is when the reasons are wanted. */
async function explain(
  path: string,
  name: string | undefined,
  { format, isVerbose }: { format: Format; isVerbose: boolean },
  { out, err, status }: Streams,
): Promise<Exit> {
  const { compiled, problems } = await compilePaths([path], status.show);
  reportProblems(problems, err);
  const explanations = compiled.map((each) => choose(each.explain(), name));
  if (format === 'json') out.write(`${printableJson({ version: 1, profiles: explanations.map(toJson) })}\n`);
  if (format === 'markdown') out.write(explanations.map(formatMarkdown).join('\n'));
  if (format === 'text')
    out.write(
      explanations
        .map((each) =>
          name === undefined && !isVerbose
            ? formatOverview(each, out.style)
            : toText(each, name, explanations.length > 1, out.style),
        )
        .join('\n'),
    );
  return hasProblem(problems, 'error') ? EXIT.problems : EXIT.clean;
}

/** One decision is told whole, unless there are other profiles beside it. */
function toText(
  explanation: PlanExplanation,
  name: string | undefined,
  isOneOfSeveral: boolean,
  style: Streams['out']['style'],
): string {
  const { decisions, omissions, profile } = explanation;
  if (name === undefined || isOneOfSeveral || decisions.length > 1) return formatPlanExplanation(explanation, style);
  if (decisions[0]) return formatExplanation(decisions[0], style);
  if (omissions.length > 0) return omissions.map((each) => formatOmission(each, style)).join('\n');
  return `nettune sets nothing for ${quote(name)} in ${profile}: the default stays. \`nettune parameters ${printable(name)}\` says what that is.\n`;
}

/** Those that are asked for, by any name of theirs or a part of it. */
function choose(explanation: PlanExplanation, name: string | undefined): PlanExplanation {
  if (name === undefined) return explanation;
  const decisions = findNamed(explanation.decisions, (each) => [each.name, ...allNamesOf(each.parameter)], name);
  const omissions = findNamed(explanation.omissions, ({ parameters }) => parameters.flatMap(allNamesOf), name);
  const isKnown = decisions.length + omissions.length > 0 || findNamed(PARAMETERS, namesOf, name).length > 0;
  if (!isKnown && !findParameter(name)) throw unknownParameter(name);
  const { fallback: _fallback, unproven: _unproven, ...others } = explanation; // they are about the packet rules
  return { ...others, decisions, packetRules: [], omissions, alternatives: [] };
}

function allNamesOf(parameter: string): string[] {
  const row = findParameter(parameter);
  return [parameter, ...(row ? namesOf(row) : [])];
}

function toJson({ host, ...explanation }: PlanExplanation) {
  return { ...explanation, host: figuresOf(host) };
}
