import { SHIPPED_PROFILES } from '#generated/texts.ts';

/** Files that a shell is to offer. */
export type Files = 'none' | 'profiles' | 'folders';

/** What an argument or an option's value stands for, where its definition lists no choices. */
interface Placeholder {
  /** As the usage line spells it, in any case. */
  readonly name: string;
  /** Only there; elsewhere the name is another thing's, or nobody's. */
  readonly command?: string;
  readonly files?: Files;
  readonly words?: () => Promise<readonly string[]>;
}

const shipped = async () => Object.keys(SHIPPED_PROFILES);

const parameters = async () => {
  const { namesOf, PARAMETERS } = await import('../parameters/parameters.ts');
  return PARAMETERS.flatMap(namesOf);
};

/** A placeholder without a row is completed by nothing. */
const PLACEHOLDERS: readonly Placeholder[] = [
  { name: 'PATH', files: 'profiles', words: shipped },
  { name: 'PROFILE', files: 'profiles', words: shipped },
  { name: 'FOLDER', files: 'folders' },
  { name: 'PARAMETER', words: parameters },
  { name: 'NAME', command: 'parameters', words: parameters },
  { name: 'NAME', command: 'schema', words: async () => Object.keys((await import('#generated/schemas.ts')).SCHEMAS) },
  { name: 'TOOL', command: 'init', words: async () => (await import('../init/questions.ts')).FILTERS },
  { name: 'ROLE', words: async () => (await import('../roles/roles.ts')).ROLES.map(({ role }) => role) },
  {
    name: 'ID',
    command: 'checks',
    words: async () => (await import('../checks/checks.ts')).CHECKS.map(({ id }) => id),
  },
];

export function findPlaceholder(name: string, command: string): Placeholder | undefined {
  return PLACEHOLDERS.find(
    (row) => row.name === name.toUpperCase() && (row.command === undefined || row.command === command),
  );
}
