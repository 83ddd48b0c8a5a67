import { compareAlternatives } from './compare-alternatives.ts';
import { EFFECTS } from './parameters/effects.ts';
import { isDefaultDoubtful, notesOn } from './parameters/known-kernels.ts';
import { defaultOn, defaultValue, effectOn } from './parameters/on-kernel.ts';
import type { ParameterRow } from './parameters/parameter.ts';
import { findParameter } from './parameters/parameters.ts';
import { type Server, serverOf } from './roles/server.ts';
import { describeFallback } from './rules/fallback.ts';
import { RULES } from './rules/rules.ts';
import { PEERS } from './sizing/peers.ts';
import { printableName } from './text/printable.ts';
import type { Artifact } from './values/artifact.ts';
import type { Cause, Explanation, KernelDefault, PlanExplanation } from './values/explanation.ts';
import type { Host } from './values/host.ts';
import { parseKeyPath } from './values/key-path.ts';
import { positionOf } from './values/location.ts';
import { locate, type MapNode, nodeAt, toPlain } from './values/node.ts';
import type { Decision, Plan } from './values/plan.ts';

/** Every decision with all that led to it and all that follows. `root` is the document that the plan was derived from. */
export function explainPlan(plan: Plan, root: MapNode, artifacts: readonly Artifact[]): PlanExplanation {
  const explain = (decision: Decision) => explainDecision(decision, plan, root, artifacts);
  const { name, machine, role, host, decisions, packetRules, unproven } = plan;
  const fallback = describeFallback(plan);
  const omissions = plan.omissions.map((omission) => ({
    ...omission,
    causes: omission.causes.map((path) => findCause(path, root)),
  }));
  return {
    profile: name,
    ...(machine === undefined ? {} : { machine }),
    role,
    host,
    notes: notesOn(host),
    decisions: decisions.map(explain),
    packetRules,
    ...(fallback === undefined ? {} : { fallback }),
    ...(unproven === undefined ? {} : { unproven }),
    omissions,
    alternatives: compareAlternatives(plan),
  };
}

function explainDecision(
  { parameter, spelling, value, reason, causes, rule, price }: Decision,
  { host, profile }: Plan,
  root: MapNode,
  artifacts: readonly Artifact[],
): Explanation {
  const row = findParameter(parameter);
  const ruleSource = RULES.find(({ id }) => id === rule)?.source;
  return {
    name: spelling,
    parameter,
    value,
    unit: row?.unit ?? '',
    reason,
    rule: { id: rule, ...(ruleSource ? { source: ruleSource } : {}) },
    causes: causes.map((path) => findCause(path, root)),
    ...(price ? { price } : {}),
    ...(row ? explainRow(row, host, serverOf(profile)) : { dangers: [] }),
    others: PEERS.filter(({ parameters }) => parameters.includes(parameter)).map(
      ({ who, value: choose, note, source }) => ({
        who,
        value: choose(host),
        ...(note ? { note } : {}),
        source,
      }),
    ),
    artifacts: artifacts.filter(({ carries }) => carries.includes(parameter)).map(({ path }) => path),
  };
}

function explainRow(row: ParameterRow, host: Host, server: Server | undefined) {
  const own = server && row.withServer?.[server];
  const kernelDefault = explainDefault(row, host);
  return {
    ...(kernelDefault ? { kernelDefault } : {}),
    effect: EFFECTS[effectOn(row, host)],
    dangers: [...(row.dangers ?? []), ...(own?.dangers ?? [])],
    source: [row.source, ...(own ? [own.source] : [])].join('; '),
  };
}

function explainDefault(row: ParameterRow, host: Host): KernelDefault | undefined {
  const value = defaultValue(row, host);
  const formula = defaultOn(row, host)?.formula;
  if (value === undefined && formula === undefined) return undefined;
  return {
    ...(value === undefined ? {} : { value }),
    ...(formula === undefined ? {} : { formula }),
    ...(isDefaultDoubtful(row, host) ? { unverified: true } : {}),
  };
}

/** What a profile and its bases say at a key path. */
export function findCause(path: string, root: MapNode): Cause {
  const keys = parseKeyPath(path);
  const node = nodeAt(root, keys);
  if (!node) return { path };
  const location = locate(root, keys);
  return { path, place: { file: printableName(location.file.name), ...positionOf(location) }, written: toPlain(node) };
}
