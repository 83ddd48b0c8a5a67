import { describe, expect, it } from 'vitest';
import { untilUntracked } from '../support/in-effect.ts';
import { CLIENT, entriesAt, fetchFrom } from '../support/neighbours.ts';
import { onDebian, SHOP } from '../support/on-debian.ts';
import { PROGRAM } from '../support/push-through.ts';

const SITE = 'http://192.0.2.1/';
const LARGE = `${SITE}large`;

/**
 * Asks every half second, and writes down what came of it. A client sends a lost packet again, so nobody fails for that, and
 * comes back to a server that is just being restarted.
 */
const VISITOR = `[Unit]
After=neighbours.service apache2.service
Requires=neighbours.service
[Service]
ExecStart=/bin/sh -c 'while sleep 0.5; do ip netns exec client curl -s -o /dev/null --retry 9 --retry-connrefused --retry-delay 1 --max-time 30 --interface ${CLIENT} ${SITE} && echo served || echo failed; done >>/var/tmp/visits'
[Install]
WantedBy=multi-user.target
`;

/** From here on a script loads the filter when a device comes up, as many how-tos have it: systemd knows of no such unit. */
const BY_A_SCRIPT = `mv /etc/iptables /etc/iptables-old
systemctl -q disable netfilter-persistent
echo '#!/bin/sh
iptables-restore </etc/iptables-old/rules.v4
ip6tables-restore </etc/iptables-old/rules.v6' >/etc/network/if-pre-up.d/iptables
chmod +x /etc/network/if-pre-up.d/iptables`;

/** The guard's pauses grow with each change: here they do not. */
const IN_A_HURRY = `mkdir -p /run/systemd/system/nettune-shop.service.d
printf '[Service]\\nEnvironment=NETTUNE_LONGEST=5\\n' >/run/systemd/system/nettune-shop.service.d/hurry.conf`;

describe.each([PROGRAM])('a host whose filter is rewritten, by $name', (way) => {
  const story = onDebian(async ({ machine }) => {
    await machine.ask(
      `truncate -s 1G /var/www/html/large; cat >/etc/systemd/system/visitor.service <<'E'\n${VISITOR}E`,
    );
    await machine.ask(`${IN_A_HURRY}; systemctl daemon-reload; systemctl -q enable --now visitor`);
  });
  const shop = story.render('shop', SHOP);

  /** What became of all who came since the last look; somebody has to have come. */
  const visits = async () => {
    const command = 'until [ -s /var/tmp/visits ]; do sleep 0.2; done; cat /var/tmp/visits; : >/var/tmp/visits';
    return new Set((await story.machine.ask(command)).split('\n'));
  };

  /** The guard has to notice first. */
  const untilHealed = () =>
    story.machine.ask('for turn in $(seq 60); do ! nettune-host rules status || exit 0; sleep 1; done; exit 1');

  const expectUntracked = async () => {
    await story.machine.ask('conntrack -F 2>/dev/null');
    expect(await fetchFrom(story.machine, CLIENT, SITE)).toContain('It works!');
    expect(await entriesAt(story.machine, 80)).toBe('');
  };

  it('everybody is served while it is applied', async () => {
    const { code, output } = await way.apply(story.machine, shop);
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('at boot the packet filter') });
    expect(await visits()).toEqual(new Set(['served']));
  });

  it.each([
    ['netfilter-persistent reload', 'netfilter-persistent reload'],
    ['our rules saved, and a restart', 'netfilter-persistent save && systemctl restart netfilter-persistent'],
    ['a guard that is killed', 'systemctl kill --signal=KILL nettune-shop'],
  ])('a download goes on, and everybody is served: %s', async (_, command) => {
    const { machine } = story;
    const bytes = async () => Number(await machine.ask('stat -c %s /var/tmp/large'));
    await machine.ask(
      `ip netns exec client curl -s --limit-rate 200k -o /var/tmp/large ${LARGE} >/dev/null 2>&1 & until [ -s /var/tmp/large ]; do sleep 0.2; done`,
    );
    await machine.ask(command);
    const before = await bytes();
    await untilHealed();
    await machine.ask(`until [ $(stat -c %s /var/tmp/large) -gt ${before} ]; do sleep 0.5; done`);
    await machine.ask('pkill -x -f "curl.*large"; rm /var/tmp/large');
    expect(await visits()).toEqual(new Set(['served']));
    await expectUntracked();
  });

  it('what was saved of our rules is named, and taken out by the command that is named', async () => {
    const { machine } = story;
    const { output } = await way.verify(machine, shop);
    const [, command = 'false'] = /take them out with: (.*)/.exec(output) ?? [];
    expect(command).toContain('/etc/iptables/rules.v4');
    await machine.ask(`${command} && iptables-restore --test /etc/iptables/rules.v4`);
    expect((await way.verify(machine, shop)).output).not.toContain('/etc/iptables/rules.v4');
  });

  it('after a reboot everybody is served from the first moment on, though no unit loads the filter', async () => {
    const { machine } = story;
    await machine.ask(`${BY_A_SCRIPT}; systemctl stop visitor; : >/var/tmp/visits`);
    await machine.reboot();
    await untilUntracked(machine, 'shop');
    expect(await visits()).toEqual(new Set(['served']));
    await expectUntracked();
  });

  it('who loads the filter at boot is named', async () => {
    expect((await way.apply(story.machine, shop)).output).toContain(
      'at boot the packet filter seems to come from: /etc/network/if-pre-up.d/iptables\n',
    );
    await story.machine.ask('rm /etc/network/if-pre-up.d/iptables');
    expect((await way.apply(story.machine, shop)).output).toContain(
      'no unit or script was found that loads the packet filter at boot',
    );
  });
});
