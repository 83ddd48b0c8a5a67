import type { DecisionSides } from '../deploy/decision-sides.ts';
import { takingEffect } from '../deploy/taking-effect.ts';
import type { Choice, DecisionChange } from '../values/comparison.ts';
import type { Explanation } from '../values/explanation.ts';
import { formatValue } from '../values/format-value.ts';
import type { Pair, Subject } from './subject.ts';

/** Parameters on which the sides differ, in the order of the later side and then of the earlier one; `written`: keys that do. */
export function changedDecisions(pair: Pair, written: ReadonlySet<string>): DecisionChange[] {
  const before = decisionsOf(pair.before);
  const after = decisionsOf(pair.after);
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((parameter) => {
    const sides = { before: before.get(parameter), after: after.get(parameter) } as DecisionSides;
    return differs(sides) ? [asChange(sides, written)] : [];
  });
}

/** By the names of their rows. */
function decisionsOf(subject: Subject | undefined): ReadonlyMap<string, DecisionSides['before']> {
  if (!subject) return new Map();
  const { plan, explanation } = subject;
  return new Map(explanation.decisions.map((decision) => [decision.parameter, { plan, decision }]));
}

function differs({ before, after }: DecisionSides): boolean {
  return JSON.stringify(before && asChoice(before.decision)) !== JSON.stringify(after && asChoice(after.decision));
}

function asChange(sides: DecisionSides, written: ReadonlySet<string>): DecisionChange {
  const { before, after } = sides;
  const { parameter, unit, kernelDefault } = (after ?? before).decision;
  const causes = [after, before].flatMap((side) => side?.decision.causes ?? []).map(({ path }) => path);
  return {
    parameter,
    unit,
    ...(before ? { before: asChoice(before.decision) } : {}),
    ...(after ? { after: asChoice(after.decision) } : {}),
    causes: [...new Set(causes)].filter((path) => written.has(path)),
    ...(kernelDefault ? { kernelDefault } : {}),
    ...(hasValueOf(before?.decision, after?.decision) ? {} : { effect: takingEffect(sides) }),
  };
}

/** Whether both say the same to the host. */
function hasValueOf(one: Explanation | undefined, other: Explanation | undefined): boolean {
  return one && other ? one.name === other.name && formatValue(one.value) === formatValue(other.value) : false;
}

function asChoice({ name, value, reason, rule, causes, price }: Explanation): Choice {
  return { name, value, reason, rule: rule.id, causes: causes.map(({ path }) => path), ...(price ? { price } : {}) };
}
