import type { Check } from '../checks/check.ts';
import { CHECKS } from '../checks/checks.ts';
import { Misuse } from '../edge/misuse.ts';
import { formatCheck, formatChecks } from '../report/format-check.ts';
import { quote } from '../text/printable.ts';
import { suggest } from '../text/suggest.ts';
import { type AddCommand, EXIT } from './command.ts';

/** `nettune checks`: the catalogue of what is checked. */
export const addChecks: AddCommand = (program, { out }, finish) => {
  program
    .command('checks')
    .description('say what is checked, why, and how to mend it')
    .argument('[ID]', 'one check, by the id behind a problem; default: all of them')
    .action((id: string | undefined) => {
      out.write(id === undefined ? formatChecks(CHECKS, out.style) : formatCheck(findCheck(id), out.style));
      finish(EXIT.clean);
    });
};

function findCheck(id: string): Check {
  const check = CHECKS.find((each) => each.id === id);
  if (check) return check;
  const ids = CHECKS.map((each) => each.id);
  throw new Misuse(`there is no check ${quote(id)}: ${suggest(id, ids, '`nettune checks` lists them:')}`);
}
