import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from './execute.ts';

/** A job of a workflow, or the steps of an action, as GitHub would run them in a folder that is checked out already. */
export interface Job {
  readonly if?: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

/** What an expression may name, such as `github.event_name`; what is not there is empty. */
export type Context = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface JobRun {
  /** Undefined when the job's own condition does not hold. */
  readonly succeeded: boolean | undefined;
  readonly failedStep: string | undefined;
  readonly output: string;
  /** What GitHub would show of the job. */
  readonly summary: string;
}

/** The actions that our files may use; a checkout and a Node are there already. */
const KNOWN_ACTIONS: Readonly<Record<string, (step: Step, cwd: string) => void>> = {
  'actions/checkout': () => {},
  'actions/setup-node': () => {},
  'actions/upload-artifact': ({ with: inputs }, cwd) => {
    if (!existsSync(join(cwd, inputs?.['path'] ?? ''))) throw new Error(`nothing to upload: ${inputs?.['path']}`);
  },
};

/** Runs the steps in order, in `cwd`; `scratch` is a folder for what GitHub keeps beside it. */
export async function runJob(
  job: Job,
  { cwd, scratch, env, context }: { cwd: string; scratch: string; env: NodeJS.ProcessEnv; context: Context },
): Promise<JobRun> {
  const temporary = mkdtempSync(join(scratch, 'runner-'));
  const summary = join(temporary, 'summary.md');
  writeFileSync(summary, '');
  let failedStep: string | undefined;
  let output = '';
  const read = () => ({ output, failedStep, summary: readFileSync(summary, 'utf8') });
  if (!holds(job.if, context, false)) return { succeeded: undefined, ...read() };
  for (const step of job.steps) {
    if (!holds(step.if, context, failedStep !== undefined)) continue;
    if (step.uses !== undefined) {
      useAction(step, cwd);
      continue;
    }
    const script = join(temporary, 'step.sh');
    writeFileSync(script, readScript(step));
    const answer = await execute('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], undefined, {
      cwd,
      env: {
        ...env,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: cwd,
        ...fillAll(step.env ?? {}, context),
      },
    });
    output += answer.output;
    if (answer.code !== 0) failedStep ??= step.name ?? step.run;
  }
  return { succeeded: failedStep === undefined, ...read() };
}

function useAction(step: Step, cwd: string): void {
  const [, name = '', revision = ''] = /^(.+)@([0-9a-f]{40})$/.exec(step.uses ?? '') ?? [];
  const action = KNOWN_ACTIONS[name];
  if (!action || !revision) throw new Error(`an action that is not known, or not pinned: ${step.uses}`);
  action(step, cwd);
}

/** Whatever an expression stands for would be read as shell: it belongs in `env`. */
function readScript({ run = '' }: Step): string {
  if (run.includes('${{')) throw new Error(`an expression in a script: ${run}`);
  return run;
}

/** Conditions as our files have them: comparisons with texts, joined by &&. Without a status function, a failure ends the job. */
function holds(condition: string | undefined, context: Context, hasFailed: boolean): boolean {
  const parts = (condition ?? 'success()').split('&&').map((part) => part.trim());
  if (hasFailed && !parts.includes('always()')) return false;
  return parts.every((part) => {
    if (part === 'success()' || part === 'always()') return true;
    const [, path, operator, text] = /^([\w.-]+) (==|!=) '([^']*)'$/.exec(part) ?? [];
    if (path === undefined) throw new Error(`a condition that the test cannot read: ${part}`);
    return (lookUp(path, context) === text) === (operator === '==');
  });
}

function lookUp(path: string, context: Context): string {
  const [name = '', key = ''] = path.split('.');
  return context[name]?.[key] ?? '';
}

function fillAll(texts: Readonly<Record<string, string>>, context: Context): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      text.replace(/\$\{\{ *([\w.-]+) *\}\}/g, (_, path) => lookUp(path, context)),
    ]),
  );
}
