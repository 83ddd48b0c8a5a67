import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { printable } from '../text/printable.ts';
import { Misuse } from './misuse.ts';

/**
 * What a repository may not do to whoever reads it: run a program of its configuration. Without a lazy fetch nothing but
 * the objects that are here is read, and no transport is allowed where git is too old to know that it must not fetch. An
 * index is never read, so that no monitor of files is asked; hooks are looked for where there are none. Objects are what
 * they were committed as, whatever stands in for them.
 */
const HARMLESS = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

const SETTINGS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null'].flatMap((setting) => ['-c', setting]);

/** More than the listing of any repository that somebody keeps profiles in. */
export const MOST_BYTES = 2 ** 28;

/** Of one question; a repository may have a pipe where git expects a file, and wait for ever. */
const LONGEST_MILLISECONDS = 60_000;

export interface GitAnswer {
  readonly isFine: boolean;
  /** Of an answer that is longer, as many as were asked for. */
  readonly bytes: Buffer;
  /** The last thing that it complained of; empty where it only says that a name is no revision. */
  readonly complaint: string;
}

interface Question {
  /** What it reads. */
  readonly input?: string;
  /** Of an answer that is longer than these many, the beginning is enough. */
  readonly mostBytes?: number;
}

/** Asks git about the repository whose top is this folder, and about no other. */
export function askGit(repository: string, args: readonly string[], { input, mostBytes }: Question = {}): GitAnswer {
  const above = dirname(repository);
  if (above.includes(':'))
    throw new Misuse(`--git takes no repository whose path has a colon: ${printable(repository)}`);
  const { status, stdout, stderr, error } = spawnSync('git', [...SETTINGS, ...args], {
    cwd: repository,
    env: { ...withoutRepository(process.env), ...HARMLESS, GIT_CEILING_DIRECTORIES: above }, // a list with colons between
    timeout: LONGEST_MILLISECONDS,
    maxBuffer: mostBytes ?? MOST_BYTES,
    ...(input === undefined ? {} : { input }),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const code = (error as { code?: string } | undefined)?.code;
  if (code === 'ENOENT') throw new Misuse('--git needs the program git, which is not installed');
  const isLonger = code === 'ENOBUFS' && mostBytes !== undefined;
  const hasStoppedReading = code === 'EPIPE'; // what it said is worth more than that
  if (error && !isLonger && !hasStoppedReading) throw new Misuse(`git cannot be asked: ${printable(error.message)}`);
  return { isFine: status === 0 || isLonger, bytes: stdout, complaint: findComplaint(stderr.toString('utf8')) };
}

/** What is said of a name that leads nowhere. */
const NO_REVISION = 'Needed a single revision';

function findComplaint(said: string): string {
  const lines = said.split('\n').map((line) => /^(?:fatal|error|warning(?=: ignoring broken)): (.*)/.exec(line)?.[1]);
  return lines.filter((text) => text !== undefined && text !== NO_REVISION).at(-1) ?? '';
}

/** In a hook, git names its own repository to whatever it runs. Configuration by the user stays, such as safe.directory. */
function withoutRepository(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('GIT_') || name.startsWith('GIT_CONFIG_')),
  );
}
