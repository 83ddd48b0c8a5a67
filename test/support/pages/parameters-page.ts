import { describeParameter, type ParameterDescription } from '../../../src/parameters/describe-parameter.ts';
import { newestKernel } from '../../../src/parameters/known-kernels.ts';
import { FAMILIES } from '../../../src/parameters/parameters.ts';
import { COMBINATIONS, formatBounds, formatDefault, formatFact, formatRange } from '../../../src/report/format-fact.ts';
import { formatKernelVersion } from '../../../src/values/kernel-version.ts';
import { anchor, anchorOf, code, generatedFrom, page, table } from './markdown.ts';

const KERNEL = formatKernelVersion(newestKernel.kernel);

/** docs/reference/parameters.md, from the rows of src/parameters. */
export function parametersPage(): string {
  return page(
    '# Parameters',
    generatedFrom('the rows in `src/parameters`'),
    `All that nettune can set or check, with the default on Linux ${KERNEL}, the newest kernel whose source was read, and the range that nettune is willing to set. For another kernel, and for the source of each fact, ask the program: \`nettune parameters tcp_tw_reuse --kernel 4.18\`.`,
    'A profile sets kernel parameters under [`sysctl`](profile.md#sysctl), and most of them by keys of their own.',
    FAMILIES.map(({ title }) => `[${title}](#${anchorOf(title)})`).join(' · '),
    FAMILIES.flatMap(({ title, rows }) =>
      describeFamily(
        title,
        rows.map((row) => describeParameter(row, newestKernel)),
      ),
    ),
  );
}

function describeFamily(title: string, rows: readonly ParameterDescription[]): string[] {
  const notes = rows.flatMap((row) =>
    listNotes(row).length > 0 ? [`- ${code(row.name)}: ${listNotes(row).join('; ')}`] : [],
  );
  return [
    `## ${title}`,
    table(['parameter', 'what it is', 'default', 'range', 'takes effect'], rows.map(describeRow)),
    notes.join('\n'),
  ];
}

function describeRow(row: ParameterDescription): string[] {
  const { name, summary, unit, effect } = row;
  return [
    `${anchor(name.replaceAll(' ', '-'))}${code(name)}`,
    unit === '' ? summary : `${summary} Unit: ${unit}.`,
    describeDefault(row),
    describeRange(row),
    effect.when,
  ];
}

function describeDefault({ onKernel: { default: standard } }: ParameterDescription): string {
  if (standard?.value !== undefined) return formatDefault({ value: standard.value });
  return standard ? 'by machine' : '–';
}

/** What nettune is willing to set, or else what the kernel takes. */
function describeRange({ safe, onKernel: { accepts, words } }: ParameterDescription): string {
  const bounds = safe ?? accepts;
  if (words) return words.map(({ word }) => code(word)).join(', ');
  return bounds ? formatBounds(bounds) : '–';
}

/** What is too long for a table: how the default is found, which kernels have it and by what name, and what goes wrong. */
function listNotes({
  onKernel,
  history: { exists, formerNames = [] },
  insteadOf,
  combines,
  builtWith,
  dangers,
}: ParameterDescription): string[] {
  const { default: standard } = onKernel;
  const range = formatRange(exists);
  const names = formerNames.map((former) => formatFact(former, ({ name }) => `${code(name)}`));
  return [
    ...(standard?.formula || standard?.byMemory ? [`default ${formatDefault(standard)}`] : []),
    ...(range === '' ? [] : [`exists ${range}`]),
    ...names.map((name) => `was ${name}`),
    ...(builtWith ? [`the kernel has to be built with ${builtWith}`] : []),
    ...(combines ? [COMBINATIONS[combines]] : []),
    ...(insteadOf ? [insteadOf] : []),
    ...(dangers.length > 0 ? [`**caution:** ${dangers.join(' ')}`] : []),
  ];
}
