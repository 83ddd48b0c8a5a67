import { describe, expect, it } from 'vitest';
import { basesAmong, compile, sourceOf } from '../../src/index.ts';

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
