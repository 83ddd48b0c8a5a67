import { describe, expect, it } from 'vitest';
import { everythingForeign, plannedValues, valuesInEffect } from '../support/in-effect.ts';
import { onDebian, SHOP } from '../support/on-debian.ts';
import { play } from '../support/push-through.ts';
import { readTree } from '../support/tree.ts';

describe('the role in check mode, on an untouched machine', () => {
  const story = onDebian();
  const shop = story.render('shop', SHOP);

  it('names everything that it would change, shows every file, and changes nothing', async () => {
    const { code, output } = await play('--check', '--diff')(story.machine, shop);
    expect(code).toBe(0);
    const found = await valuesInEffect(story.machine, shop);
    for (const [parameter, value] of Object.entries(plannedValues(shop)))
      if (found[parameter] !== value) expect(output).toContain(`"would set ${parameter} from ${found[parameter]} to`);
    for (const [path, content] of Object.entries(readTree(shop.at('etc')))) {
      expect(output).toContain(`"would write /etc/${path}"`);
      const lastLine = content.trimEnd().split('\n').at(-1);
      expect(output).toContain(`\n+${lastLine}\n`);
    }
    expect(output).toContain('"would start nettune-shop.service"');
    expect(output).toContain('"would restart apache2"');
    expect(await everythingForeign(story.machine)).toEqual(story.before);
  });
});
