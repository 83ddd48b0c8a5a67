import { PROFILE_SCHEMA, SHIPPED_PROFILES } from '#generated/texts.ts';
import type { Parse } from './parse-document.ts';
import { NEWER_LANGUAGE } from './schema/language-version.ts';
import { quote } from './text/printable.ts';
import { suggest } from './text/suggest.ts';
import type { Document } from './values/document.ts';
import { type Location, positionOf } from './values/location.ts';
import { errorAt, type Problem } from './values/problem.ts';
import type { ResolveBase } from './values/resolve-base.ts';
import { shippedProfile } from './values/shipped-profile.ts';
import type { Source } from './values/source.ts';

/** Deeper than anybody can follow. */
const MAX_BASES = 8;

/** A profile and all that it extends, the furthest base first. */
export interface Chain {
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
  /** Whether all of it is there: what a base would have said is not missing from a profile that names none. */
  readonly isWhole: boolean;
}

export function collectChain(source: Source, resolveBase: ResolveBase, parse: Parse): Chain {
  const documents = [parse(source)];
  const problems: Problem[] = [];
  const seen = new Set([source.identity]);
  let current = source;
  for (let reference = readExtends(documents[0]); reference; reference = readExtends(documents[0])) {
    const base = findBase(reference, current, seen, { resolveBase, parse });
    if ('problem' in base) {
      problems.push(base.problem);
      break;
    }
    seen.add(base.source.identity);
    documents.unshift(base.document);
    current = base.source;
  }
  const found = [...documents.flatMap((document) => document.problems), ...problems];
  return { documents, problems: found, isWhole: found.length === 0 && !isExtending(documents[0]) };
}

/** Of the furthest base: whether there should be one further, whatever it is called by. */
function isExtending(furthest: Document | undefined): boolean {
  const node = furthest?.root?.entries.get('extends')?.value;
  return node !== undefined && !(node.kind === 'scalar' && node.value === null);
}

interface Reference {
  readonly text: string;
  readonly location: Location;
}

function readExtends(document: Document | undefined): Reference | undefined {
  const node = document?.root?.entries.get('extends')?.value;
  return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
    ? { text: node.value, location: node.location }
    : undefined;
}

function findBase(
  reference: Reference,
  from: Source,
  seen: ReadonlySet<string>,
  { resolveBase, parse }: { resolveBase: ResolveBase; parse: Parse },
): { source: Source; document: Document } | { problem: Problem } {
  const fail = (fault: string, remedy: string) => ({
    problem: errorAt(reference.location, 'unusable-base', `${quote(reference.text)} ${fault}`, remedy),
  });
  if (seen.size > MAX_BASES) return fail(`exceeds the limit of ${MAX_BASES} bases in a row`, 'merge some of the bases');
  const source = readBase(reference.text, from, resolveBase);
  if ('fault' in source) return fail(source.fault, source.remedy);
  if (seen.has(source.identity)) return fail('leads back to this profile', 'remove one `extends` of the circle');
  const document = parse(source);
  if (isNewer(document)) return { source, document };
  if (!document.root && document.problems.length > 0) return fail(describeUnreadable(document), 'correct that file');
  if (!hasProfileKey(document)) return fail('is not a profile', 'name a YAML file with the keys of a profile');
  return { source, document };
}

/** It is a profile, and says so itself; what it says is shown where it stands. */
function isNewer({ problems }: Document): boolean {
  return problems.some(({ id }) => id === NEWER_LANGUAGE);
}

function readBase(reference: string, from: Source, resolveBase: ResolveBase): ReturnType<ResolveBase> {
  if (/^\.\.?\//.test(reference)) return resolveBase(reference, from);
  const shipped = shippedProfile(reference);
  if (shipped) return shipped;
  const remedy = suggest(reference, Object.keys(SHIPPED_PROFILES), 'a path begins with ./ or ../; shipped are');
  return { fault: 'is neither a shipped profile nor a path', remedy };
}

/** What is wrong and where, and nothing of what is written there: the file need not be a profile at all. */
function describeUnreadable({ problems }: Document): string {
  const [problem] = problems;
  const [location] = problem?.locations ?? [];
  const { line, column } = location ? positionOf(location) : { line: 1, column: 1 };
  return `cannot be read as a profile: ${problem?.message ?? ''} (line ${line}, column ${column})`;
}

function hasProfileKey({ root }: Document): boolean {
  return root !== undefined && Object.keys(PROFILE_SCHEMA.properties).some((key) => root.entries.has(key));
}
