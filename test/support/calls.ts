import { COMMANDS } from '../../src/commands/commands.ts';

const SHOP = 'name: shop\nextends: web-server\n';

/** The files that the calls are about. */
export const CALL_FILES = { 'profiles/shop.yaml': SHOP, 'shop.yaml': SHOP };

/**
 * Calls of every command, in this order in one folder: for what must do the same as the program of this checkout. Those with
 * a revision need a repository, and are made where there is one.
 */
export const CALLS: readonly (readonly string[])[] = [
  ...COMMANDS.flatMap(({ examples }) => examples.map(({ call }) => call)).filter((call) => !call.includes('--git')),
  'nettune --version',
  'nettune --help',
  'nettune render --collection acme.tuning:1.2.0',
  'nettune render --diff',
  'nettune explain shop.yaml --format json',
  'nettune explain shop.yaml --format markdown',
  'nettune parameters --distribution ubuntu-24.04 --format json',
].map((call) => call.split(' ').slice(1));
