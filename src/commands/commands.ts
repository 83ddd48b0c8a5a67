import type { AddCommand } from './command.ts';

/** A command by its name. It is loaded when it is called, or when help lists all of them. */
interface CommandRow {
  readonly name: string;
  readonly load: () => Promise<AddCommand>;
}

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandRow[] = [
  { name: 'validate', load: async () => (await import('./validate.ts')).addValidate },
  { name: 'render', load: async () => (await import('./render.ts')).addRender },
  { name: 'explain', load: async () => (await import('./explain.ts')).addExplain },
  { name: 'parameters', load: async () => (await import('./parameters.ts')).addParameters },
  { name: 'checks', load: async () => (await import('./checks.ts')).addChecks },
];
