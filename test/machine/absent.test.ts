import { describe, expect, it } from 'vitest';
import { everythingForeign } from '../support/in-effect.ts';
import { inCi } from '../support/long.ts';
import { onDebian, TRACKED_SHOP } from '../support/on-debian.ts';
import { PROGRAM, WAYS } from '../support/push-through.ts';

describe.each(inCi(WAYS, PROGRAM))('a profile on its way out, by $name', (way) => {
  const story = onDebian(({ machine, render }) => way.apply(machine, render('shop', TRACKED_SHOP)));
  const shop = story.render('shop', TRACKED_SHOP);

  it('until then keeps another one away', async () => {
    const untouched = await everythingForeign(story.machine);
    const { code, output } = await way.apply(story.machine, story.render('other', TRACKED_SHOP));
    expect(code).not.toBe(0);
    expect(output).toContain(
      'profile shop is on this host. Remove it first: nettune-host remove /var/lib/nettune/shop',
    );
    expect(await everythingForeign(story.machine)).toEqual(untouched);
  });

  it('leaves what somebody else has set since, and says so', async () => {
    await story.machine.ask('sysctl -w net.ipv4.tcp_keepalive_time=77');
    const { code, output } = await way.remove(story.machine, shop);
    expect(code).toBe(0);
    expect(output).toContain('net.ipv4.tcp_keepalive_time stays 77, which somebody else has set since');
    expect(await story.machine.ask('sysctl -n net.ipv4.tcp_keepalive_time')).toBe('77');
  });

  it('leaves everything else as it was before', async () => {
    await story.machine.ask('sysctl -w net.ipv4.tcp_keepalive_time=7200');
    expect(await everythingForeign(story.machine)).toEqual(story.before);
  });
});
