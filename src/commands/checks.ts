import { CHECKS } from '../checks/checks.ts';
import { Misuse } from '../edge/misuse.ts';
import { formatCheck, formatChecks, formatFault } from '../report/format-check.ts';
import { FAULTS } from '../report/problem-formats/describe-kind.ts';
import type { Style } from '../report/style.ts';
import { quote } from '../text/printable.ts';
import { suggestSome } from '../text/suggest.ts';
import { type AddCommand, EXIT } from './command.ts';

/** `nettune checks`: the catalogue of what is checked. */
export const addChecks: AddCommand = (program, { out }, finish) => {
  program
    .command('checks')
    .description('say what is checked, why, and how to mend it')
    .argument('[ID]', 'one check, by the id behind a problem; default: all of them')
    .action((id: string | undefined) => {
      out.write(id === undefined ? formatChecks(CHECKS, out.style) : describe(id, out.style));
      finish(EXIT.clean);
    });
};

/** A problem may also be a fault, which keeps a profile from being checked. */
function describe(id: string, style: Style): string {
  const check = CHECKS.find((each) => each.id === id);
  if (check) return formatCheck(check, style);
  const fault = Object.hasOwn(FAULTS, id) ? FAULTS[id] : undefined;
  if (fault) return formatFault(id, fault.what, style);
  const ids = [...CHECKS.map((each) => each.id), ...Object.keys(FAULTS)];
  throw new Misuse(`there is no check ${quote(id)}: ${suggestSome(id, ids, 'nettune checks')}`);
}
