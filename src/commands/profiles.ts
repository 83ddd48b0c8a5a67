import { parse } from 'yaml';
import { SHIPPED_PROFILES } from '#generated/texts.ts';
import { Misuse } from '../edge/misuse.ts';
import type { Style } from '../report/style.ts';
import { quote } from '../text/printable.ts';
import { suggestSome } from '../text/suggest.ts';
import { type AddCommand, EXIT } from './command.ts';

/** `nettune profiles`: what a profile can extend, and what every command takes by its name. */
export const addProfiles: AddCommand = (program, { out }, finish) => {
  program
    .command('profiles')
    .description('list the shipped profiles, which others extend, or print one of them')
    .argument('[NAME]', 'a shipped profile; default: a list of all')
    .action((name: string | undefined) => {
      out.write(name === undefined ? formatList(out.style) : textOf(name));
      finish(EXIT.clean);
    });
};

function formatList(style: Style): string {
  const names = Object.keys(SHIPPED_PROFILES);
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => `${style('bold', name.padEnd(width))}  ${parse(textOf(name)).summary}\n`).join('');
}

function textOf(name: string): string {
  const text = Object.hasOwn(SHIPPED_PROFILES, name) ? SHIPPED_PROFILES[name] : undefined;
  if (text !== undefined) return text;
  throw new Misuse(
    `there is no shipped profile ${quote(name)}: ${suggestSome(name, Object.keys(SHIPPED_PROFILES), 'nettune profiles')}`,
  );
}
