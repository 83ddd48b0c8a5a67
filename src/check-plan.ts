import type { Breach, Check } from './checks/check.ts';
import { CHECKS } from './checks/checks.ts';
import { suggestSome } from './text/suggest.ts';
import { parseKeyPath } from './values/key-path.ts';
import type { Location } from './values/location.ts';
import { locate, type MapNode, nodeAt } from './values/node.ts';
import type { Plan } from './values/plan.ts';
import type { Problem } from './values/problem.ts';

/** What is wrong with a plan, each at the profile lines that caused it. `root` is the document it was derived from. */
export function checkPlan(plan: Plan, root: MapNode): Problem[] {
  const allowed = plan.profile.allow ?? [];
  const fileOf = (keyPath: string) => locateCause(root, keyPath)[0]?.file.name;
  const found = CHECKS.flatMap((check) => check.find(plan, fileOf).map((breach) => ({ check, breach })));
  const isAllowed = (finding: Finding) => allowed.some((each) => silences(each, finding));
  return [
    ...found.filter((each) => !isAllowed(each)).map(({ check, breach }) => asProblem(check, breach, root)),
    ...allowed.flatMap((each, index) =>
      found.some((finding) => silences(each, finding))
        ? []
        : [reportUseless(each, locate(root, ['allow', index, 'check']))],
    ),
  ];
}

interface Finding {
  readonly check: Check;
  readonly breach: Breach;
}

type Allowed = NonNullable<Plan['profile']['allow']>[number];

/** An entry that names a parameter silences what the check says of that override alone. */
function silences({ check: id, parameter }: Allowed, { check, breach }: Finding): boolean {
  if (check.mandatory || check.id !== id) return false;
  const causes = [`sysctl.${parameter}`, `sysctl.${parameter}.value`];
  return parameter === undefined || breach.causes.some((cause) => causes.includes(cause));
}

function asProblem(check: Check, { message, remedy, causes, severity }: Breach, root: MapNode): Problem {
  const locations = causes.flatMap((cause) => locateCause(root, cause));
  return {
    severity: severity ?? check.severity,
    id: check.id,
    message,
    remedy,
    locations: unique(locations.length > 0 ? locations : [locate(root, parseKeyPath(causes[0] ?? 'role'))]),
  };
}

/** Where a cause was written; nowhere, when the profile leaves it to its default. */
function locateCause(root: MapNode, cause: string): Location[] {
  const path = parseKeyPath(cause);
  return nodeAt(root, path) ? [locate(root, path)] : [];
}

function reportUseless({ check: id, parameter }: Allowed, location: Location): Problem {
  const check = CHECKS.find((each) => each.id === id);
  const base = { id: 'allow-silences-something', locations: [location] };
  if (!check) {
    const ids = CHECKS.map((each) => each.id);
    const remedy = suggestSome(id, ids, 'nettune checks');
    return { ...base, severity: 'error', message: `there is no check \`${id}\``, remedy };
  }
  if (check.mandatory)
    return {
      ...base,
      severity: 'error',
      message: `\`${id}\` cannot be silenced`,
      remedy: 'remove the entry',
    };
  return {
    ...base,
    severity: 'warning',
    message: `\`${id}\` finds nothing ${parameter === undefined ? 'here' : `about \`${parameter}\``}, so allowing it does nothing`,
    remedy: 'remove the entry',
  };
}

function unique(locations: readonly Location[]): Location[] {
  return locations.filter(
    (one, index) => locations.findIndex((other) => other.file === one.file && other.start === one.start) === index,
  );
}
