import { describe, expect, it } from 'vitest';
import { everythingForeign } from '../support/in-effect.ts';
import { BANNED } from '../support/neighbours.ts';
import { onDebian, SHOP } from '../support/on-debian.ts';
import { WAYS } from '../support/push-through.ts';

/** Who is banned tries again and again. */
const ATTEMPTS = `systemd-run --unit=attempts sh -c 'while sleep 0.2; do
  if ip netns exec client curl -s -o /dev/null --max-time 5 --interface ${BANNED} http://192.0.2.1/; then
    echo answered
  else
    echo refused
  fi >>/run/attempts
done'`;

describe.each(WAYS)('a profile on its way out, by $name', (way) => {
  const story = onDebian(async ({ machine, render }) => {
    await machine.ask(ATTEMPTS);
    await way.apply(machine, render('shop', SHOP));
  });
  const shop = story.render('shop', SHOP);

  it('until then keeps another one away', async () => {
    const untouched = await everythingForeign(story.machine);
    const { code, output } = await way.apply(story.machine, story.render('other', SHOP));
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

  it('has at no time let in who is banned', async () => {
    await story.machine.ask('systemctl stop attempts');
    expect(await story.machine.ask('uniq /run/attempts')).toBe('refused');
  });
});
