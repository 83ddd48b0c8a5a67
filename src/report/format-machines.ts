import type { Explanation, PlanExplanation } from '../values/explanation.ts';
import { formatValue } from '../values/format-value.ts';
import { formatHost } from './format-explanation.ts';
import { alignColumns, WIDTH, wrap } from './layout.ts';
import type { Style } from './style.ts';

/**
 * The plans of one profile for several machines: what differs side by side, then the first plan whole, and of each other one only
 * the decisions that differ from it. `formatPlan` decides how much is told of a plan.
 */
export function formatMachines(
  plans: readonly PlanExplanation[],
  style: Style,
  formatPlan: (plan: PlanExplanation, style: Style) => string,
): string {
  const [first, ...others] = plans;
  if (!first) return '';
  const differing = findDiffering(plans);
  const title = style('bold', `${first.profile}: ${first.role} on ${plans.length} machines`);
  const hosts = plans.map(({ machine, host }) => `  ${machine}: ${formatHost(host)}`);
  const sections = [
    [title, ...hosts].join('\n'),
    differing.length > 0
      ? [style('bold', 'Values that differ by machine'), ...formatTable(plans, differing)].join('\n')
      : 'The same values for all machines.',
    formatPlan(first, style).trimEnd(),
    ...others
      .map((plan) => withoutShared(plan, first))
      .filter(saysAnything)
      .map((plan) => formatPlan(plan, style).trimEnd()),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Names of parameters that not all machines set to the same value. */
function findDiffering(plans: readonly PlanExplanation[]): string[] {
  const names = new Set(plans.flatMap(({ decisions }) => decisions.map(({ parameter }) => parameter)));
  return [...names].filter((name) => new Set(plans.map((plan) => valueIn(plan, name))).size > 1);
}

function valueIn({ decisions }: PlanExplanation, name: string): string {
  const decision = decisions.find(({ parameter }) => parameter === name);
  return decision ? `${formatValue(decision.value)} ${decision.unit}`.trimEnd() : '–';
}

/** A row for each parameter, a column for each machine; a table that is too wide for a line has a line for each machine. */
function formatTable(plans: readonly PlanExplanation[], names: readonly string[]): string[] {
  const rows = [
    ['', ...plans.map(({ machine }) => machine ?? '')],
    ...names.map((name) => [name, ...plans.map((plan) => valueIn(plan, name))]),
  ];
  const lines = alignColumns(rows, 'left').map((line) => `  ${line}`);
  if (lines.every((line) => line.length <= WIDTH)) return lines;
  return names.flatMap((name) => {
    const values = plans.map((plan) => `${plan.machine}: ${valueIn(plan, name)}`).join(', ');
    return [`  ${name}`, ...wrap(values, WIDTH - 4).map((line) => `    ${line}`)];
  });
}

/** What the first machine tells as well is not told again. */
function withoutShared(plan: PlanExplanation, first: PlanExplanation): PlanExplanation {
  const { fallback, unproven, ...others } = plan;
  const told = new Set(
    [...first.decisions, ...first.packetRules, ...first.omissions, ...first.alternatives].map(asKey),
  );
  const isNew = (thing: object) => !told.has(asKey(thing));
  return {
    ...others,
    ...(fallback === undefined || fallback === first.fallback ? {} : { fallback }),
    ...(unproven === undefined || unproven === first.unproven ? {} : { unproven }),
    notes: plan.notes.filter((note) => !first.notes.includes(note)),
    decisions: plan.decisions.filter(isNew),
    packetRules: plan.packetRules.filter(isNew),
    omissions: plan.omissions.filter(isNew),
    alternatives: plan.alternatives.filter(isNew),
  };
}

function saysAnything({ notes, decisions, packetRules, omissions, alternatives }: PlanExplanation): boolean {
  return [notes, decisions, packetRules, omissions, alternatives].some((things) => things.length > 0);
}

/** The same for what reads the same; where it lies and what others would have chosen do not count. */
function asKey(thing: object): string {
  const { artifacts: _artifacts, others: _others, kernelDefault: _default, ...told } = thing as Partial<Explanation>;
  return JSON.stringify(told);
}
