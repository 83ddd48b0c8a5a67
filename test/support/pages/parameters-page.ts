import { describeParameter, type ParameterDescription } from '../../../src/parameters/describe-parameter.ts';
import { newestKernel } from '../../../src/parameters/known-kernels.ts';
import { FAMILIES } from '../../../src/parameters/parameters.ts';
import { formatBounds, formatDefault, formatFact, formatRange } from '../../../src/report/format-fact.ts';
import { formatKernelVersion } from '../../../src/values/kernel-version.ts';
import { anchor, anchorOf, code, generatedFrom, page, table } from './markdown.ts';

const KERNEL = formatKernelVersion(newestKernel.kernel);

/** docs/reference/parameters.md, from the rows of src/parameters. */
export function parametersPage(): string {
  return page(
    '# Parameters',
    generatedFrom('the rows in `src/parameters`'),
    `All that nettune can set or check, with the default on Linux ${KERNEL}, the newest kernel whose source was read. For another kernel, and for the source of each fact, ask the program: \`nettune parameters tcp_tw_reuse --kernel 4.18\`.`,
    'A profile sets kernel parameters under [`sysctl`](profile.md#sysctl), and most of them by keys of their own.',
    FAMILIES.map(({ title }) => `- [${title}](#${anchorOf(title)})`).join('\n'),
    FAMILIES.flatMap(({ title, rows }) =>
      describeFamily(
        title,
        rows.map((row) => describeParameter(row, newestKernel)),
      ),
    ),
  );
}

function describeFamily(title: string, rows: readonly ParameterDescription[]): string[] {
  const dangers = rows.flatMap(({ name, dangers }) =>
    dangers.length > 0 ? [`- ${code(name)}: ${dangers.join(' ')}`] : [],
  );
  return [
    `## ${title}`,
    table(['parameter', 'what it is', `default on ${KERNEL}`, 'range', 'kernels', 'felt'], rows.map(describeRow)),
    ...(dangers.length > 0 ? ['Beware:', dangers.join('\n')] : []),
  ];
}

function describeRow(row: ParameterDescription): string[] {
  const { name, summary, unit, onKernel, effect } = row;
  return [
    `${anchor(name.replaceAll(' ', '-'))}${code(name)}`,
    unit === '' ? summary : `${summary} Unit: ${unit}.`,
    onKernel.default ? formatDefault(onKernel.default) : '–',
    describeBounds(row),
    describeKernels(row),
    `${effect.when}; existing connections ${effect.existing}`,
  ];
}

/** What the kernel takes, and what nettune is willing to set where that is less. */
function describeBounds({ onKernel: { accepts }, safe }: ParameterDescription): string {
  const parts = [...(accepts ? [formatBounds(accepts)] : []), ...(safe ? [`nettune sets ${formatBounds(safe)}`] : [])];
  return parts.join('; ') || '–';
}

/** Those that have it, and how older ones call it. */
function describeKernels({ history: { exists, formerNames = [] }, insteadOf }: ParameterDescription): string {
  const parts = [
    formatRange(exists) || 'all',
    ...formerNames.map((former) => formatFact(former, ({ name }) => code(name))),
    ...(insteadOf ? [insteadOf] : []),
  ];
  return parts.join('; ');
}
