import { SHIPPED_PROFILES } from '#generated/texts.ts';

/** Files that a shell is to offer. */
export type Files = 'none' | 'profiles' | 'folders';

/** What an argument or an option's value stands for, beside the choices that its definition lists. */
interface Placeholder {
  /** As the usage line spells it, in any case. */
  readonly name: string;
  /** Only there; elsewhere the name is another thing's, or nobody's. */
  readonly command?: string;
  readonly files?: Files;
  /** What may stand there, where so much of it is typed; with the choices, where there are some. */
  readonly words?: (typed: string) => Promise<readonly string[]>;
}

const shipped = async () => Object.keys(SHIPPED_PROFILES);

/** By whole names, and once something is typed by their last parts too; a name with a blank has no other use. */
const parameters = async (typed: string) => {
  const { namesOf, PARAMETERS } = await import('../parameters/parameters.ts');
  const ways = PARAMETERS.flatMap(namesOf).flatMap((name) => {
    const lastPart = name.split(/[. ]/).at(-1) ?? name;
    if (name.includes(' ')) return [lastPart];
    return typed === '' ? [name] : [name, lastPart];
  });
  return ways.filter((way) => way.startsWith(typed));
};

const checksAndFaults = async () => {
  const { CHECKS } = await import('../checks/checks.ts');
  const { FAULTS } = await import('../report/problem-formats/describe-kind.ts');
  return [...CHECKS.map(({ id }) => id), ...Object.keys(FAULTS)];
};

/** A placeholder without a row is completed by nothing. */
const PLACEHOLDERS: readonly Placeholder[] = [
  { name: 'PATH', files: 'profiles', words: shipped },
  { name: 'PROFILE', files: 'profiles', words: shipped },
  { name: 'FOLDER', files: 'folders' },
  { name: 'PARAMETER', words: parameters },
  { name: 'NAME', command: 'parameters', words: parameters },
  { name: 'NAME', command: 'schema', words: async () => Object.keys((await import('#generated/schemas.ts')).SCHEMAS) },
  { name: 'REVISION', words: async () => (await import('../edge/list-revisions.ts')).listRevisions(process.cwd()) },
  { name: 'SYSTEMS', words: async (typed) => (typed.includes(',') ? [] : ['none']) },
  { name: 'ROLE', words: async () => (await import('../roles/roles.ts')).ROLES.map(({ role }) => role) },
  { name: 'ID', command: 'checks', words: checksAndFaults },
];

export function findPlaceholder(name: string, command: string): Placeholder | undefined {
  return PLACEHOLDERS.find(
    (row) => row.name === name.toUpperCase() && (row.command === undefined || row.command === command),
  );
}
