import type { Schema } from './schema-faults.ts';

/** As much as a message quotes; no value is longer that has another spelling. */
const LONGEST = 60;

/** Seconds of a unit of time, by the first letter of what people call it. */
const TIMES: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const TIME = /^(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/;

/** Where a port may lead to another: `80:8080` is a range to some, and to others a port and where it leads. */
const TWO_PORTS = /^\d+ *(:|->|to) *\d+$/;

const COUNTS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 };

/** How people spell values that the schema spells in one way. A row answers for texts of its kind, whatever the key. */
const SPELLINGS: readonly ((text: string) => string | number | undefined)[] = [
  respellSize,
  respellDuration,
  respellCount,
  (text) => text.replace(/^(\d+) *(?:-|–|:|\.\.\.?|to) *(\d+)$/, '$1-$2'), // ports
  (text) => text.replace(/^v?(\d{1,3}(?:\.\d+){1,2})(?:[-+_ ].*)?$/, '$1'), // `uname -r`
  respellName,
  (text) => text.toLowerCase().replace(/[ _]+/g, '-'),
  (text) => text.toLowerCase().replace(/[ _.]+/g, '-'),
];

/** The value that somebody meant who has spelled it as the schema does not; undefined when nobody can tell. */
export function respell(value: unknown, schema: Schema): unknown {
  if (typeof value === 'string' && value.length > LONGEST) return undefined;
  if (accepts(schema, value)) return value;
  if (schema['type']?.includes('array')) return respellList(value, schema['items']);
  if (typeof value !== 'string' || isFreeText(schema)) return undefined;
  const text = value.trim();
  if (schema['properties'] && TWO_PORTS.test(text)) return undefined;
  return SPELLINGS.map((spell) => spell(text)).find((spelled) => accepts(schema, spelled));
}

/** A pattern that only asks for something in a text: it would accept any spelling of nothing. */
function isFreeText({ pattern }: Schema): boolean {
  return typeof pattern === 'string' && !pattern.startsWith('^');
}

/** One value where several may stand, or several in one text. */
function respellList(value: unknown, items: Schema): unknown {
  if (Array.isArray(value)) return undefined;
  const parts = typeof value === 'string' ? value.split(/[, ]+/) : [value];
  const respelled = parts.map((part) => respell(part, items));
  return respelled.includes(undefined) ? undefined : respelled;
}

/** What a single value has to be. */
function accepts({ type = [], pattern, enum: words, minimum, maximum }: Schema, value: unknown): boolean {
  if (words) return words.includes(value);
  if (typeof value === 'string') return pattern !== undefined && new RegExp(pattern, 'u').test(value);
  return (
    Number.isInteger(value) && type.includes('integer') && !(Number(value) < minimum) && !(Number(value) > maximum)
  );
}

/** `8MB`, `16 G`, `1.5GiB`. */
function respellSize(text: string): string | undefined {
  const [, count, letter] = /^(\d+(?:\.\d+)?) *([mgt])(?:i?b)?$/i.exec(text) ?? [];
  return letter && `${count}${letter.toUpperCase()}iB`;
}

/** `5 min`, `1h30`, `1.5 hours`: in the smallest unit that is named, or in one that leaves no fraction. */
function respellDuration(text: string): string | undefined {
  const parts = [...text.toLowerCase().matchAll(/([\d.]+) *([a-z]*) */g)];
  if (parts.map(([part]) => part).join('') !== text.toLowerCase()) return undefined;
  let [seconds, last] = [0, ''];
  for (const [, count, name = ''] of parts) {
    last = unitOf(name, last);
    seconds += Number(count) * (TIMES[last] ?? Number.NaN);
  }
  const units = ['d', 'h', 'm', 's'];
  const unit = units.slice(Math.max(0, units.indexOf(last))).find((each) => seconds % (TIMES[each] ?? 1) === 0);
  return unit && `${seconds / (TIMES[unit] ?? 1)}${unit}`;
}

/** The 30 of `1h30` are minutes. */
function unitOf(name: string, last: string): string {
  if (name !== '') return TIME.test(name) ? name.charAt(0) : '';
  return last === 'h' ? 'm' : '';
}

/** sysctl takes a name with slashes as well; a dot in it is then one in the name of an interface. */
function respellName(text: string): string {
  const name = text.replace(/^(\/?proc\/sys)?\//, '');
  if (/^[^/]*\./.test(name)) return name.replaceAll('/', '.');
  return name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'));
}

/** `5,000`, `5_000`, `50k`, `1.5k`; not `5.000`, of which nobody knows where its writer comes from. */
function respellCount(text: string): number | undefined {
  const [, count, letter = ''] = /^(\d+(?:\.\d+(?= *[km]))?|\d{1,3}(?:[,_' ]\d{3})+) *([km]?)$/i.exec(text) ?? [];
  return count === undefined ? undefined : Number(count.replace(/[,_' ]/g, '')) * (COUNTS[letter.toLowerCase()] ?? 1);
}
