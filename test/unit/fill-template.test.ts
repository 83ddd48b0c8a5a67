import Handlebars from 'handlebars';
import { expect, it } from 'vitest';
import { fillTemplate } from '../../src/text/fill-template.ts';

/** As build/generate.mjs compiles templates. */
const OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { each: true, if: false, unless: false, with: false, log: false, lookup: false },
};

function fill(template: string, view: Parameters<typeof fillTemplate>[2]): string {
  const specification = new Function(`return ${Handlebars.precompile(template, OPTIONS)}`)();
  return fillTemplate(template, specification, view);
}

it('values and loops come out exactly as they are', () => {
  expect(fill('{{#each items}}{{name}}={{value}};{{/each}}', { items: [{ name: 'a', value: '<&"\'>' }] })).toBe(
    'a=<&"\'>;',
  );
});

it.each([
  { what: 'a value', template: '{{missing}}' },
  { what: 'a value in a loop', template: '{{#each items}}{{missing}}{{/each}}' },
  { what: 'a list to loop over', template: '{{#each missing}}x{{/each}}' },
  { what: 'a list that is no list', template: '{{#each text}}x{{/each}}' },
])('$what that the view lacks is an error, never an empty place', ({ template }) => {
  expect(() => fill(template, { items: [{ name: 'a' }], text: 'b' })).toThrow();
});

it.each(['if', 'unless', 'with', 'lookup', 'shout'])(
  'a template that decides, with {{#%s}}, does not compile',
  (helper) => {
    expect(() => Handlebars.precompile(`{{#${helper} items}}x{{/${helper}}}`, OPTIONS)).toThrow();
  },
);
