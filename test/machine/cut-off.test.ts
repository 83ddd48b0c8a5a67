import { describe, expect, it } from 'vitest';
import { everythingForeign, queueAt } from '../support/in-effect.ts';
import { onDebian, SHOP } from '../support/on-debian.ts';
import { ROLE } from '../support/push-through.ts';

/** Nobody can connect any more as soon as our rules are there, and for as long. */
const CUT_OFF = `systemd-run --unit=cut-off sh -c '
  rule="INPUT -p tcp --dport 22 --syn -j DROP"
  while sleep 0.5; do
    if iptables -t raw -S NT-PRE-shop; then
      iptables -C $rule || iptables -I $rule
    else
      while iptables -D $rule; do :; done
    fi
  done'`;

/** What a run has to put back lies there until it has put back everything. */
const PUT_BACK = 'while [ -e /var/lib/nettune ]; do sleep 0.5; done';

describe('a host that nobody can connect to any more, once its packet rules are loaded', () => {
  const story = onDebian();
  const shop = story.render('shop', SHOP);

  it('can be reached again without help, and has everything put back', async () => {
    await story.machine.ask(CUT_OFF);
    const { code, output } = await ROLE.apply(story.machine, shop);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('UNREACHABLE!') });
    expect(output).toContain('"start nettune-shop.service"');
    await expect.poll(() => story.machine.isReachable(), { timeout: 180_000 }).toBe(true);
    await story.machine.ask(PUT_BACK);
    await story.machine.ask('systemctl stop cut-off');
    expect(await everythingForeign(story.machine)).toEqual(story.before);
    expect(await queueAt(story.machine, 80)).toBe(511);
  });
});
