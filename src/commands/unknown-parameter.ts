import { Misuse } from '../edge/misuse.ts';
import { suggestParameter } from '../parameters/suggest-parameter.ts';
import { quote } from '../text/printable.ts';

/** What is said of a name that no parameter has, and that is no part of one. */
export function unknownParameter(name: string): Misuse {
  const likely = suggestParameter(name);
  const remedy = likely ? `did you mean ${likely}?` : '`nettune parameters` lists those it knows';
  return new Misuse(`nettune does not know the parameter ${quote(name)}: ${remedy}`);
}
