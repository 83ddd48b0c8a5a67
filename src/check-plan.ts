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
  const isAllowed = ({ check }: { check: Check }) =>
    !check.mandatory && allowed.some((each) => each.check === check.id);
  return [
    ...found.filter((each) => !isAllowed(each)).map(({ check, breach }) => asProblem(check, breach, root)),
    ...allowed.flatMap(({ check: id }, index) =>
      found.some(({ check }) => check.id === id && !check.mandatory)
        ? []
        : [reportUseless(id, locate(root, ['allow', index, 'check']))],
    ),
  ];
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

function reportUseless(id: string, location: Location): Problem {
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
    message: `\`${id}\` finds nothing here, so allowing it does nothing`,
    remedy: 'remove the entry',
  };
}

function unique(locations: readonly Location[]): Location[] {
  return locations.filter(
    (one, index) => locations.findIndex((other) => other.file === one.file && other.start === one.start) === index,
  );
}
