import { Option } from 'commander';
import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { Misuse } from '../edge/misuse.ts';
import { describeParameter, type ParameterDescription } from '../parameters/describe-parameter.ts';
import { findNamed } from '../parameters/find-named.ts';
import { kernelOf, newestKernel, readKernel } from '../parameters/known-kernels.ts';
import type { ParameterRow } from '../parameters/parameter.ts';
import { findParameter, namesOf, PARAMETERS } from '../parameters/parameters.ts';
import { formatParameter, formatParameters } from '../report/format-parameter.ts';
import { printableJson, quote } from '../text/printable.ts';
import { formatKernelVersion } from '../values/kernel-version.ts';
import { type AddCommand, EXIT, type Stream } from './command.ts';
import { unknownParameter } from './unknown-parameter.ts';

interface Options {
  readonly kernel?: string;
  readonly distribution?: string;
  readonly format: 'text' | 'json';
}

type Kernel = typeof newestKernel;

/** `nettune parameters`: the catalogue of what can be tuned, for one kernel. */
export const addParameters: AddCommand = (program, { out, err }, finish) => {
  program
    .command('parameters')
    .description('say what can be tuned, and what it does on a kernel')
    .argument(
      '[NAME]',
      'one parameter, by the name that the kernel has for it, or all whose name has this part; default: a list',
    )
    .option(
      '--kernel <version>',
      'a kernel, such as 6.1 or all that `uname -r` prints; default: the newest that is known',
    )
    .addOption(
      new Option('--distribution <id>', 'the kernel that a distribution ships').choices(
        DISTRIBUTIONS.map(({ id }) => id),
      ),
    )
    .addOption(new Option('--format <format>', 'for people or for programs').choices(['text', 'json']).default('text'))
    .action((name: string | undefined, options: Options) => {
      const kernel = chooseKernel(options);
      for (const note of kernel.notes) err.write(`${err.style('yellow', 'note')}: ${note}\n`);
      const rows = name === undefined ? PARAMETERS : findRows(name);
      const described = rows.map((row) => describeParameter(row, kernel));
      out.write(options.format === 'json' ? toJson(described, kernel) : toText(described, kernel, out));
      finish(EXIT.clean);
    });
};

/** As in a profile: the distribution's, unless another one is named. */
function chooseKernel({ kernel, distribution }: Options): Kernel {
  if (kernel === undefined) return (distribution && kernelOf(distribution)) || newestKernel;
  const known = readKernel(kernel);
  if (!known) throw new Misuse(`${quote(kernel)} is not a kernel version: write, for example, 6.1`);
  return known;
}

function findRows(name: string): readonly ParameterRow[] {
  const row = findParameter(name);
  const rows = row ? [row] : findNamed(PARAMETERS, namesOf, name);
  if (rows.length === 0) throw unknownParameter(name);
  return rows;
}

function toJson(parameters: readonly ParameterDescription[], { kernel, redhat, notes }: Kernel): string {
  const page = { version: 1, kernel: formatKernelVersion(kernel), ...(redhat ? { redhat } : {}), notes, parameters };
  return `${printableJson(page)}\n`;
}

/** One is shown whole. */
function toText(described: readonly ParameterDescription[], kernel: Kernel, { style }: Stream): string {
  const title = formatTitle(kernel);
  const [only, ...others] = described;
  return only && others.length === 0
    ? formatParameter(only, title, style)
    : `${title}\n\n${formatParameters(described, style)}`;
}

function formatTitle({ kernel, redhat }: Kernel): string {
  return `Linux ${formatKernelVersion(kernel)}${redhat ? ` of Red Hat Enterprise Linux ${redhat}` : ''}`;
}
