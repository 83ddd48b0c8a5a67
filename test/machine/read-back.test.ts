import { describe, expect, it } from 'vitest';
import { onDebian, TRACKED_SHOP } from '../support/on-debian.ts';
import { PROGRAM } from '../support/push-through.ts';

/** The role has them read back, and shows what they say. */
describe.each([PROGRAM])('files of others, read back by $name', (way) => {
  const story = onDebian(({ machine, render }) => way.apply(machine, render('shop', TRACKED_SHOP)));
  const shop = story.render('shop', TRACKED_SHOP);

  it('those that will win at boot are named', async () => {
    await story.machine.ask('echo net.ipv4.tcp_keepalive_time = 7000 > /etc/sysctl.d/95-other.conf');
    await story.machine.ask('cp -p /etc/sysctl.conf kept; echo net.ipv4.tcp_max_tw_buckets = 77 >> /etc/sysctl.conf');
    const { code, output } = await way.apply(story.machine, shop);
    expect(code).toBe(1);
    expect(output).toMatch(/tcp_keepalive_time is 1200 as planned, but at boot .*95-other.conf line 1 wins with 7000/);
    expect(output).toMatch(
      /tcp_max_tw_buckets is \d+ as planned, but at boot .*\/etc\/sysctl.conf line \d+ wins with 77/,
    );
  });

  it('and do win, as they are read again, and are named for it', async () => {
    await story.machine.ask('systemctl restart systemd-sysctl');
    const { code, output } = await way.verify(story.machine, shop);
    expect(code).toBe(1);
    expect(output).toMatch(/tcp_keepalive_time .*7000.* 1200.*95-other.conf line 1/);
    expect(output).toMatch(/tcp_max_tw_buckets .*77.*\/etc\/sysctl.conf line \d+/);
  });

  it('and nothing is changed, since the next boot would undo it', async () => {
    const { code, output } = await way.apply(story.machine, shop);
    expect(code).toBe(2);
    expect(output).toContain('nothing was changed: the next boot would undo a part of this');
    expect(output).toMatch(
      /tcp_keepalive_time would be 1200 as planned, but at boot \S+95-other.conf line 1 wins with 7000/,
    );
    expect(output).toMatch(
      /tcp_max_tw_buckets would be \d+ as planned, but at boot \/etc\/sysctl.conf line \d+ wins with 77/,
    );
  });

  it('a socket unit that opens the port decides on the queue, and is named with what to do', async () => {
    const { machine } = story;
    const SOCKET = '[Socket]\\nListenStream=80\\nBacklog=64\\n';
    await machine.ask(`systemctl stop apache2; printf '${SOCKET}' >/run/systemd/system/apache2.socket`);
    await machine.ask('systemctl daemon-reload; systemctl start apache2.socket');
    const { output } = await way.verify(machine, shop);
    expect(output).toContain('is 64, planned: 1024; apache2.socket opens it: set Backlog=1024 under [Socket]');
    await machine.ask(`sed -i s/64/1024/ /run/systemd/system/apache2.socket; systemctl daemon-reload`);
    await machine.ask('systemctl restart apache2.socket');
    expect((await way.verify(machine, shop)).output).not.toContain('apache2.socket');
    await machine.ask('systemctl stop apache2.socket; rm /run/systemd/system/apache2.socket');
    await machine.ask('systemctl daemon-reload; systemctl start apache2');
  });

  it('once they are gone, everything comes into effect', async () => {
    await story.machine.ask('rm /etc/sysctl.d/95-other.conf; mv kept /etc/sysctl.conf');
    expect(await way.apply(story.machine, shop)).toMatchObject({ code: 0 });
    expect(await way.verify(story.machine, shop)).toMatchObject({ code: 0 });
  });
});
