import type { AddCommand } from './command.ts';

/** A command by its name. It is loaded when it is called, or when help lists all of them. */
export interface CommandRow {
  readonly name: string;
  /** Calls that help shows below its options; a test makes each of them. */
  readonly examples: readonly Example[];
  readonly load: () => Promise<AddCommand>;
}

/** A call, and what it is for. */
export interface Example {
  readonly call: string;
  readonly purpose: string;
}

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'init',
    examples: [
      { call: 'nettune init web-server tuning --yes', purpose: 'a repository with a profile, in the folder tuning' },
      { call: 'nettune init nat-gateway --name office --memory 4GiB --yes', purpose: 'another one, here' },
    ],
    load: async () => (await import('./init.ts')).addInit,
  },
  {
    name: 'validate',
    examples: [
      { call: 'nettune validate', purpose: 'every profile of the folder profiles' },
      { call: 'nettune validate shop.yaml --fail-on warning', purpose: 'one profile, in which warnings count' },
      { call: 'nettune validate --format github', purpose: 'at the lines of a pull request, in GitHub Actions' },
    ],
    load: async () => (await import('./validate.ts')).addValidate,
  },
  {
    name: 'render',
    examples: [
      { call: 'nettune render', purpose: 'profiles into out/' },
      { call: 'nettune render --check', purpose: 'whether out/ is up to date, for CI' },
      { call: 'nettune render shop.yaml --only sysctl --stdout', purpose: 'one file, to look at' },
    ],
    load: async () => (await import('./render.ts')).addRender,
  },
  {
    name: 'explain',
    examples: [
      { call: 'nettune explain web-server', purpose: 'every value of a shipped profile' },
      { call: 'nettune explain shop.yaml somaxconn', purpose: 'one value, and all that led to it' },
    ],
    load: async () => (await import('./explain.ts')).addExplain,
  },
  {
    name: 'compare',
    examples: [
      { call: 'nettune compare web-server shop.yaml', purpose: 'how a profile differs from another one' },
      {
        call: 'nettune compare --git main --format markdown',
        purpose: 'what a branch changes, for a comment on its pull request',
      },
    ],
    load: async () => (await import('./compare.ts')).addCompare,
  },
  {
    name: 'profiles',
    examples: [
      { call: 'nettune profiles', purpose: 'the shipped profiles' },
      { call: 'nettune profiles squid-proxy', purpose: 'one of them, to copy from' },
    ],
    load: async () => (await import('./profiles.ts')).addProfiles,
  },
  {
    name: 'parameters',
    examples: [
      { call: 'nettune parameters', purpose: 'all that can be tuned' },
      { call: 'nettune parameters tcp_tw_reuse --kernel 4.18', purpose: 'one of them, on an older kernel' },
    ],
    load: async () => (await import('./parameters.ts')).addParameters,
  },
  {
    name: 'checks',
    examples: [
      { call: 'nettune checks', purpose: 'all that is checked' },
      { call: 'nettune checks accept-queue-not-truncated', purpose: 'why, and how to mend it' },
    ],
    load: async () => (await import('./checks.ts')).addChecks,
  },
  {
    name: 'schema',
    examples: [
      { call: 'nettune schema', purpose: 'what a profile may contain, for editors' },
      { call: 'nettune schema problems', purpose: 'what `nettune validate --format json` prints' },
    ],
    load: async () => (await import('./schema.ts')).addSchema,
  },
  {
    name: 'completion',
    examples: [
      { call: 'nettune completion bash', purpose: 'for ~/.bashrc: source <(nettune completion bash)' },
      { call: 'nettune completion fish', purpose: 'for ~/.config/fish/completions/nettune.fish' },
    ],
    load: async () => (await import('./completion.ts')).addCompletion,
  },
];
