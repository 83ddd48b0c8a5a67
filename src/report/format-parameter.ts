import type { ParameterDescription } from '../parameters/describe-parameter.ts';
import type { Fact, Word } from '../parameters/parameter.ts';
import {
  COMBINATIONS,
  formatBounds,
  formatDefault,
  formatFact,
  formatFacts,
  formatRange,
  formatScope,
} from './format-fact.ts';
import { itemize, type Line, labelled, listed, optional, titled, WIDTH, wrap } from './layout.ts';
import type { Style } from './style.ts';

const KINDS = {
  sysctl: 'kernel parameter',
  'module-option': 'module option',
  apache: 'directive of Apache httpd',
  nginx: 'directive of nginx',
  haproxy: 'keyword of HAProxy',
  squid: 'directive of Squid',
  systemd: 'limit of a systemd unit',
};

/** All about a parameter, as a person wants to read it; `kernel` is how the kernel is called. */
export function formatParameter(each: ParameterDescription, kernel: string, style: Style): string {
  const sections = [
    [`${style('bold', each.name)}  ${style('dim', KINDS[each.kind])}`, ...wrap(each.summary, WIDTH)],
    isServers(each) ? labelled(listNow(each)) : [style('bold', `On ${kernel}`), ...labelled(listNow(each))],
    titled('Caution', each.dangers.flatMap(itemize), style),
    titled('By kernel', labelled(listHistory(each)), style),
    [style('dim', `Source: ${each.source}`)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What belongs to a server is the same on every kernel. */
function isServers({ kind }: ParameterDescription): boolean {
  return kind !== 'sysctl' && kind !== 'module-option';
}

/** A line for each of them, with the default on this kernel. */
export function formatParameters(described: readonly ParameterDescription[], style: Style): string {
  const there = described.filter(({ onKernel }) => onKernel.exists);
  const families = [...new Set(there.map(({ family }) => family))].map((family) =>
    formatFamily(
      family,
      there.filter((each) => each.family === family),
      style,
    ),
  );
  const gone = described.filter(({ onKernel }) => !onKernel.exists).map(({ name }) => name);
  const missing = titled(
    'Not on this kernel',
    gone.flatMap((name) => [`  ${name}`]),
    style,
  );
  return `${[...families, ...(missing.length > 0 ? [missing.join('\n')] : [])].join('\n\n')}\n`;
}

function formatFamily(title: string, members: readonly ParameterDescription[], style: Style): string {
  const rows = members.map((each) => ({
    name: each.onKernel.name ?? each.name,
    standard: formatShortDefault(each),
    summary: /^.*?[.;:](?=\s|$)/.exec(each.summary)?.[0].replace(/[.;:]$/, '') ?? each.summary,
  }));
  const widthOf = (key: 'name' | 'standard') => Math.max(...rows.map((row) => row[key].length));
  const [names, standards] = [widthOf('name'), widthOf('standard')];
  const lines = rows.map(
    (row) => `  ${row.name.padEnd(names)}  ${row.standard.padEnd(standards)}  ${style('dim', row.summary)}`,
  );
  return [style('bold', title), ...lines].join('\n');
}

function formatShortDefault({ onKernel: { default: standard, writable } }: ParameterDescription): string {
  if (writable === false) return 'read-only';
  if (standard?.byMemory || (standard?.formula && standard.value === undefined)) return 'by machine';
  return standard?.value === undefined ? '–' : formatDefault({ value: standard.value });
}

function listNow(each: ParameterDescription): Line[] {
  const { onKernel, unit, insteadOf } = each;
  if (!onKernel.exists) return [['', `there is none: ${formatAbsence(each)}`], ...optional('instead', insteadOf)];
  return [
    ...(onKernel.name === each.name ? [] : [['name', onKernel.name ?? ''] as const]),
    ...optional('default', onKernel.default && formatDefault(onKernel.default, unit)),
    ...(onKernel.writable === false ? [] : listTaken(each)),
    ...optional('belongs to', onKernel.scope && formatScope(onKernel.scope)),
    ...optional('module', onKernel.module),
    ...optional('built with', each.builtWith),
    ...optional('combines', each.combines && COMBINATIONS[each.combines]),
    ...(onKernel.writable === false ? optional('read-only', insteadOf ?? 'it can only be read') : listEffect(each)),
  ];
}

/** Numbers, or words with the modules that bring them, which nettune has loaded. */
function listTaken({ onKernel: { accepts, words = [] }, safe, usual, unit }: ParameterDescription): Line[] {
  const modules = words.flatMap(({ module }) => module ?? []);
  return [
    ...optional('takes', accepts && formatBounds(accepts, unit)),
    ...optional('takes', words.map(({ word }) => word).join(', ') || undefined),
    ...optional('by module', modules.join(', ') || undefined),
    ...optional('nettune sets', safe && formatBounds(safe, unit)),
    ...optional('usual', usual && formatBounds(usual, unit)),
  ];
}

function listEffect({ effect }: ParameterDescription): Line[] {
  return [
    ['takes effect', effect.when],
    ['', `existing connections ${effect.existing}`],
  ];
}

function formatAbsence({ history: { exists } }: ParameterDescription): string {
  return `it exists ${formatRange(exists)}`;
}

/** Only what differs between kernels; a line for each fact. */
function listHistory({ history, name }: ParameterDescription): Line[] {
  const { exists, formerNames = [], aliases = [], accepts = [], defaults, modules = [], scope = [], redhat } = history;
  const { words = [] } = history;
  const names = [...formerNames, { name, since: formerNames.at(-1)?.until ?? '' }];
  return [
    ...(formatRange(exists) === '' ? [] : [['exists', formatFact(exists, () => '')] as const]),
    ...listFacts('name', names, (each) => each.name),
    ...listed(
      'alias',
      [...aliases, ...lingering(formerNames)].map((alias) => formatFact(alias, (each) => each.name)),
    ),
    ...listFacts('default', defaults, ({ byMemory, ...each }) =>
      formatDefault(each.formula || !byMemory ? each : { byMemory }),
    ),
    ...listFacts('takes', accepts, (each) => formatBounds(each)),
    ...listed('word', words.map(formatWord)),
    ...listFacts('module', modules, ({ module }) => module),
    ...listFacts('belongs to', scope, (each) => formatScope(each.scope)),
    ...redhat.map(({ release, ...backport }) => [`RHEL ${release}`, formatBackport(backport)] as const),
  ];
}

/** `bbr, from 4.9 on`; RHEL 9 may have it otherwise. */
function formatWord({ word, redhat = {}, ...range }: Word): string {
  const own = Object.entries(redhat).map(([release, isThere]) => `RHEL ${release}: ${isThere ? 'yes' : 'no'}`);
  return [formatFact({ ...range, word }, (each) => each.word), ...own].join('; ');
}

/** Former names that stayed for a while beside the new one, in kernels that were built so. */
function lingering(formerNames: Required<ParameterDescription['history']>['formerNames']): Fact<{ name: string }>[] {
  return formerNames.flatMap(({ name, until, lingersUntil }) =>
    lingersUntil === undefined ? [] : [{ name, ...(until ? { since: until } : {}), until: lingersUntil }],
  );
}

/** Nothing where all kernels are alike; what is the same on several is said once. */
function listFacts<Each extends Fact>(label: string, facts: readonly Each[], format: (fact: Each) => string): Line[] {
  return facts.length < 2 ? [] : listed(label, formatFacts(facts, format));
}

function formatBackport(backport: Omit<ParameterDescription['history']['redhat'][number], 'release'>): string {
  return [
    ...(backport.exists ? ['has it'] : []),
    ...(backport.default ? [`default ${formatDefault(backport.default)}`] : []),
    ...(backport.accepts ? [`takes ${formatBounds(backport.accepts)}`] : []),
    ...(backport.module ? [`module ${backport.module}`] : []),
    ...(backport.scope ? [`belongs to ${formatScope(backport.scope)}`] : []),
  ].join(', ');
}
