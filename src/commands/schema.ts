import { SCHEMAS } from '#generated/schemas.ts';
import { Misuse } from '../edge/misuse.ts';
import { quote } from '../text/printable.ts';
import { suggest } from '../text/suggest.ts';
import { type AddCommand, EXIT } from './command.ts';

/** `nettune schema`: what profiles may contain, and what nettune's JSON contains, for editors and programs. */
export const addSchema: AddCommand = (program, { out }, finish) => {
  program
    .command('schema')
    .description("print the JSON schema of profiles, or of nettune's own JSON")
    .argument('[NAME]', `which one: ${Object.keys(SCHEMAS).join(', ')}`, 'profile')
    .action((name: string) => {
      out.write(findSchema(name));
      finish(EXIT.clean);
    });
};

function findSchema(name: string): string {
  const schema = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
  if (schema !== undefined) return schema;
  throw new Misuse(`there is no schema ${quote(name)}: ${suggest(name, Object.keys(SCHEMAS), 'the schemas are')}`);
}
