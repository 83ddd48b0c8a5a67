import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { basesAmong, compile, sourceOf } from '../../src/index.ts';
import { CHECKOUT } from '../support/cli.ts';

describe('a base in memory is found by its path from the file that extends', () => {
  it.each([
    { from: 'shop.yaml', extend: './base.yaml', base: 'base.yaml' },
    { from: './shop.yaml', extend: './base.yaml', base: 'base.yaml' },
    { from: 'profiles/shop.yaml', extend: '../bases/./base.yaml', base: 'bases/base.yaml' },
    { from: 'shop.yaml', extend: '../base.yaml', base: '../base.yaml' },
    { from: '/srv/profiles/shop.yaml', extend: '../base.yaml', base: '/srv/base.yaml' },
  ])('$extend of $from is $base', ({ from, extend, base }) => {
    const source = sourceOf(base, 'extends: web-server\n');
    expect(basesAmong([source])(extend, sourceOf(from, ''))).toBe(source);
  });

  it.each(['../shop/base.yaml', './base.yml', './__proto__'])('%s is not there', (extend) => {
    const profile = sourceOf('profiles/shop.yaml', `name: shop\nextends: ${extend}\n`);
    const { compiled, problems } = compile(
      [profile],
      basesAmong([sourceOf('profiles/base.yaml', 'role: web-server\n')]),
    );
    expect({ compiled, ids: problems.map(({ id }) => id) }).toEqual({ compiled: [], ids: ['unusable-base'] });
  });
});

it('profiles that are given together can extend each other, and need no more', () => {
  const profiles = [
    sourceOf('a.yaml', 'name: a\nextends: web-server\n'),
    sourceOf('b.yaml', 'name: b\nextends: ./a.yaml\n'),
  ];
  const { compiled, problems } = compile(profiles);
  expect({ names: compiled.map(({ plan }) => plan.name), problems }).toEqual({ names: ['a', 'b'], problems: [] });
});

/** Near the end of its stack V8 ends the whole process over a regular expression, and nobody can catch that. */
it.each(['[', '{a: ', '- ', '? '])('a program that imports nettune lives through any depth of `%s`', (opening) => {
  const program = `import { compile, sourceOf } from '${join(CHECKOUT, 'dist/index.js')}';
    for (const count of [1000, 3000, 5000, 8000, 20000, 60000])
      console.log(compile([sourceOf('deep.yaml', '${opening}'.repeat(count))]).problems[0].id);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'too-deep\n'.repeat(6) });
});
