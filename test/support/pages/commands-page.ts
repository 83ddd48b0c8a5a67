import { COMMANDS } from '../../../src/commands/commands.ts';
import { EXIT_MEANINGS } from '../../../src/commands/program.ts';
import { nettune } from '../cli.ts';
import { code, generatedFrom, page, table } from './markdown.ts';

/** docs/reference/commands.md: what the program prints when it is asked for help. */
export function commandsPage(): string {
  return page(
    '# Commands',
    generatedFrom('the rows in `src/commands` and what `--help` prints'),
    `${COMMANDS.map(({ name }) => `[${code(name)}](#nettune-${name})`).join(' · ')}`,
    '## Which profiles',
    'Without PATH, nettune reads the folder `profiles`. A folder stands for the `*.yaml` and `*.yml` in it, except those that begin with an underscore, which are there to be extended. A glob works too, and `-` reads standard input. When a folder is given, what was generated for profiles that are no longer in it is stale as well.',
    '## Output',
    'What a program may read goes to standard output, everything else to standard error. There is colour on a terminal only, and never when `NO_COLOR` is set.',
    '## Exit codes',
    table(['exit code', 'meaning'], EXIT_MEANINGS),
    COMMANDS.flatMap(({ name }) => [`## nettune ${name}`, helpOf(name)]),
  );
}

function helpOf(name: string): string {
  const { stdout } = nettune([name, '--help']);
  return `\`\`\`console\n$ nettune ${name} --help\n${stdout}\`\`\``;
}
