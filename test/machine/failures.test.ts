import { describe, expect, it } from 'vitest';
import { everythingForeign, queueAt } from '../support/in-effect.ts';
import { inCi } from '../support/long.ts';
import { onDebian, TRACKED_SHOP } from '../support/on-debian.ts';
import { PROGRAM, WAYS } from '../support/push-through.ts';

/** Apache can be started, but not with a file of ours. */
const UNSTARTABLE = `mkdir -p /run/systemd/system/apache2.service.d
echo '[Service]
ExecStartPre=/usr/bin/test ! -e /etc/apache2/conf-enabled/nettune-shop.conf' > /run/systemd/system/apache2.service.d/zz.conf
systemctl daemon-reload`;

/** The program needs more. */
const FULL_DISK = 'mkdir -p /usr/local/lib/nettune; mount -t tmpfs -o size=64k none /usr/local/lib/nettune';

/** What is in the way, how it goes away, and what the run says of it. */
const FAILURES: readonly (readonly [title: string, prepare: string, repair: string, cause: string])[] = [
  ['an Apache that will not start', UNSTARTABLE, 'rm -r /run/systemd/system/apache2.service.d', 'restart apache2'],
  [
    'an Apache whose files are wrong',
    'echo Nonsense > /etc/apache2/conf-enabled/zz.conf',
    'rm /etc/apache2/conf-enabled/zz.conf',
    "Invalid command 'Nonsense'",
  ],
  ['a full disk', FULL_DISK, 'umount /usr/local/lib/nettune; rmdir /usr/local/lib/nettune', 'No space left on device'],
  [
    'no room to keep what was there',
    'mkdir -p /var/lib/nettune; mount -t tmpfs -o size=4k none /var/lib/nettune',
    'umount /var/lib/nettune; rmdir /var/lib/nettune',
    'cannot be kept in /var/lib/nettune/shop/undo',
  ],
];

describe.each(inCi(WAYS, PROGRAM))('what fails half-way is put back, by $name', (way) => {
  const story = onDebian();
  const shop = story.render('shop', TRACKED_SHOP);
  const refused = `${TRACKED_SHOP}sysctl: { net.ipv4.tcp_congestion_control: { value: nosuch, because: nobody has it } }
allow: [{ check: word-is-known, because: the kernel is to refuse it }]\n`;

  const expectUntouched = async () => {
    expect(await everythingForeign(story.machine)).toEqual(story.before);
    expect(await queueAt(story.machine, 80)).toBe(511);
  };

  it('a value that the kernel refuses', async () => {
    const { code, output } = await way.apply(story.machine, story.render('odd', refused));
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('tcp_congestion_control') });
    await expectUntouched();
  });

  // The role has the host run the same program: that their failure is one of the play is shown once.
  it.each(way === PROGRAM ? FAILURES : FAILURES.slice(0, 1))('%s', async (_, prepare, repair, cause) => {
    await story.machine.ask(prepare);
    const { code, output } = await way.apply(story.machine, shop);
    await story.machine.ask(repair);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(cause) });
    await expectUntouched();
  });
});
