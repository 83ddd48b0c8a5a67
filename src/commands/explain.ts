import type { Command } from 'commander';
import { findNamed } from '../parameters/find-named.ts';
import { findParameter, namesOf, PARAMETERS } from '../parameters/parameters.ts';
import { formatExplanation, formatOmission, formatPlanExplanation } from '../report/format-explanation.ts';
import { formatMachines } from '../report/format-machines.ts';
import { formatMarkdown } from '../report/format-markdown.ts';
import { formatOverview } from '../report/format-overview.ts';
import { printable, printableJson, quote } from '../text/printable.ts';
import type { PlanExplanation } from '../values/explanation.ts';
import { groupBy } from '../values/group-by.ts';
import { figuresOf } from '../values/host.ts';
import { type AddCommand, EXIT, type Exit, type Streams } from './command.ts';
import { compilePaths, hasProblem, reportProblems } from './compile-paths.ts';
import { machineOption, narrowToMachine } from './narrow-to-machine.ts';
import { type Format, formatOption } from './options.ts';
import { unknownParameter } from './unknown-parameter.ts';

interface Options {
  readonly format: Format;
  readonly machine?: string;
  readonly verbose?: true;
}

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
    .addOption(machineOption())
    .addOption(formatOption())
    .option('--verbose', 'show all about every value, as for one parameter')
    .showHelpAfterError() // whoever calls it alone does not know yet what it takes
    .action(async (path: string, name: string | undefined, _options: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>(); // --version has a --verbose as well
      finish(await explain(path, name, options, streams));
    });
};

/** A plan with problems is explained all the same: that is when the reasons are wanted. */
async function explain(
  path: string,
  name: string | undefined,
  { format, machine, verbose }: Options,
  { out, err, status }: Streams,
): Promise<Exit> {
  const { compiled, problems } = narrowToMachine(await compilePaths([path], status.show), machine);
  reportProblems(problems, err);
  const explanations = compiled.map((each) => choose(each.explain(), name));
  if (format === 'json') out.write(`${printableJson({ version: 1, profiles: explanations.map(toJson) })}\n`);
  if (format === 'markdown') out.write(explanations.map(formatMarkdown).join('\n'));
  if (format === 'text')
    out.write(
      groupBy(explanations, ({ profile }) => profile)
        .map(([, plans]) =>
          name === undefined && !verbose
            ? formatOverviews(plans, out.style)
            : toText(plans, name, explanations.length > 1, out.style),
        )
        .join('\n'),
    );
  return hasProblem(problems, 'error') ? EXIT.problems : EXIT.clean;
}

/** A plan at a glance, or those of several machines. */
function formatOverviews(plans: readonly PlanExplanation[], style: Streams['out']['style']): string {
  const [first] = plans;
  const text =
    first && plans.length === 1 ? formatOverview(first, style) : formatMachines(plans, style, formatOverview);
  return `${text}\nFor all about one value, add its name, or a part of it. For all about every value, add --verbose.\n`;
}

/** One decision is told whole, unless there are other profiles beside it. */
function toText(
  plans: readonly PlanExplanation[],
  name: string | undefined,
  isOneOfSeveral: boolean,
  style: Streams['out']['style'],
): string {
  const [explanation] = plans;
  if (!explanation) return '';
  if (plans.length > 1) return formatMachines(plans, style, formatPlanExplanation);
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
