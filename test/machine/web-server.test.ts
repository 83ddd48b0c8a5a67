import { describe, expect, it } from 'vitest';
import {
  descriptorsOf,
  everythingForeign,
  plannedValues,
  queueAt,
  untilUntracked,
  untrackingRules,
  valuesInEffect,
} from '../support/in-effect.ts';
import { inCi } from '../support/long.ts';
import { BANNED, CLIENT, entriesAt, fetchFrom } from '../support/neighbours.ts';
import { onDebian, SHOP } from '../support/on-debian.ts';
import { PROGRAM, WAYS } from '../support/push-through.ts';

const PROFILE = `${SHOP}conntrack: { maximum: 16384 }\n`;
const SITE = 'http://192.0.2.1/';

/** Who is banned tries again and again, until the machine boots. */
const ATTEMPTS = `systemd-run --unit=attempts sh -c 'while sleep 0.2; do
  if ip netns exec client curl -s -o /dev/null --max-time 5 --interface ${BANNED} ${SITE}; then
    echo answered
  else
    echo refused
  fi >>/var/tmp/attempts
done'`;

describe.each(inCi(WAYS, PROGRAM))('a web server, by $name', (way) => {
  const story = onDebian(({ machine }) => machine.ask(ATTEMPTS));
  const shop = story.render('shop', PROFILE);

  /** Asks the machine itself, and not what has been at work on it. */
  const expectInEffect = async () => {
    const { machine } = story;
    expect(await valuesInEffect(machine, shop)).toEqual(plannedValues(shop));
    expect(await queueAt(machine, 80)).toBe(1024);
    expect(await descriptorsOf(machine, 'apache2')).toEqual(['8192 8192']);
    await untilUntracked(machine, 'shop');
    expect(await untrackingRules(machine)).toBe(4);
    expect(await fetchFrom(machine, CLIENT, SITE)).toContain('It works!');
    expect(await fetchFrom(machine, BANNED, SITE)).toBe('');
    expect(await entriesAt(machine, 80)).toBe('');
  };

  it('without it a client leaves an entry, and the queue is short', async () => {
    expect(await queueAt(story.machine, 80)).toBe(511);
    expect(await descriptorsOf(story.machine, 'apache2')).toEqual(['2048 2048']);
    expect(await fetchFrom(story.machine, CLIENT, SITE)).toContain('It works!');
    expect(await entriesAt(story.machine, 80)).toContain(`src=${CLIENT}`);
    await story.machine.ask('conntrack -F');
  });

  it('everything is in effect, a client leaves no entry, and who is banned stays so', async () => {
    expect(await way.apply(story.machine, shop)).toMatchObject({ code: 0 });
    await expectInEffect();
  });

  it('a second time nothing is changed', async () => {
    const { code, output } = await way.apply(story.machine, shop);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(way.unchanged) });
    await expectInEffect();
  });

  it('sysctl, read again, and a firewall that starts again leave everything in effect', async () => {
    await story.machine.ask('systemctl restart systemd-sysctl netfilter-persistent');
    await story.machine.settle();
    await expectInEffect();
  });

  it('after a reboot everything is in effect, without help', async () => {
    await story.machine.reboot();
    await story.machine.ask(ATTEMPTS);
    await expectInEffect();
    expect(await way.verify(story.machine, shop)).toMatchObject({ code: 0 });
  });

  it('taken away, it leaves everything as it was before', async () => {
    expect(await way.remove(story.machine, shop)).toMatchObject({ code: 0 });
    expect(await everythingForeign(story.machine)).toEqual(story.before);
    expect(await queueAt(story.machine, 80)).toBe(511);
    expect(await descriptorsOf(story.machine, 'apache2')).toEqual(['2048 2048']);
    expect(await fetchFrom(story.machine, BANNED, SITE)).toBe('');
  });

  it('has at no time let in who is banned', async () => {
    expect(await story.machine.ask('uniq /var/tmp/attempts')).toBe('refused');
  });
});
