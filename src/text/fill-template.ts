import runtime from 'handlebars/runtime.js';
import type { View } from '../outputs/output.ts';

/**
 * Templates that were compiled at build time, with nothing but values and loops. `strict` makes a missing value an error;
 * it does not look at what a block loops over, so our own `each` does.
 */
const engine = (runtime as unknown as typeof Handlebars).create(); // the runtime's own types are empty

engine.registerHelper('each', function each(this: unknown, items: unknown, options: { fn: (item: unknown) => string }) {
  if (!Array.isArray(items)) throw new Error(`a template loops over ${typeof items}, not over a list`);
  return items.map((item) => options.fn(item)).join('');
});

const compiled = new Map<string, (view: View) => string>();

/** The template's text with the view's values in it, exactly as they are; a name that the view lacks is an error. */
export function fillTemplate(name: string, specification: TemplateSpecification | undefined, view: View): string {
  const template = compiled.get(name) ?? compile(name, specification);
  compiled.set(name, template);
  return template(view);
}

function compile(name: string, specification: TemplateSpecification | undefined): (view: View) => string {
  if (!specification) throw new Error(`there is no template ${name}`);
  return engine.template(specification);
}
