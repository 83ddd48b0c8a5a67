import { describe, expect, it } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { callsIn, exitCodes, hostOfThisMachine, onMachine, renderProfiles, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { gate, shop, untracked } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
});

describe('a plan', () => {
  const EDITED = 'is cut off, or somebody has changed it: nothing was changed';
  it.each([
    [
      'of another format',
      's/^format 1/format 9/',
      'is of format 9, and this program reads format 1: use the nettune-host',
    ],
    ['without a format', '/^format/d', 'is of format unknown, and this program reads format 1'],
    ['that is cut off', '30,$d', EDITED],
    ['that somebody has edited', 's/^\\(value net.core.somaxconn\\) .*/\\1 9999/', EDITED],
    ['with a line more', '$a value net.ipv4.ip_forward 1', EDITED],
    ['of nobody', '1,$d', 'is not the plan of a profile'],
    ['of a name that leads elsewhere', 's,^profile .*,profile ../../etc,', 'is not the plan of a profile'],
  ])('%s is refused, and nothing is changed', (_, edit, message) => {
    const output = onMachine(shop(), [
      `snapshot before; sed -i '${edit}' out/shop/plan; apply shop; verify shop; same before`,
    ]);
    expect(output.split(`out/shop/plan ${message}`)).toHaveLength(3);
    expect(exitCodes(output)).toEqual([2, 2]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it.each([
    ['a path that leads elsewhere', '$a link ../../x /y'],
    ['a file of somebody else', 's,^file 0644 \\(.*\\) etc/sysctl[.]d/.*,file 0644 \\1 etc/cron.d/x,'],
    ['a line for any other file', '$a line etc/passwd x'],
    ['a mode that no file of a plan has', 's,^file 0644,file 4755,'],
    ['a unit of somebody else', '$a unit reboot.service'],
    ['rules of somebody else', '$a rules etc/nettune/other'],
    ['a value that is no parameter', '$a value /etc/shadow x'],
    ['a value whose name leads elsewhere', '$a value net.//.//.//.etc.hostname x'],
    ['a value that runs a program', '$a value kernel.core_pattern |/tmp/x'],
  ])('with %s is refused, though its sum is right', (_, edit) => {
    const output = onMachine(shop(), [`snapshot before; edit shop '${edit}'; apply shop; same before`]);
    expect(output).toContain('out/shop/plan has lines that nettune never writes: nothing was changed\n');
    expect(exitCodes(output)).toEqual([2]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('that is a pipe is none', () => {
    const output = onMachine(shop(), [
      'rm out/shop/plan; mkfifo out/shop/plan; apply shop; rendered rules status out/shop',
    ]);
    expect(output).toContain('there is no out/shop/plan: add the folder of a profile to the command');
    expect(output).toContain('nettune: there are no packet rules in out/shop\n');
    expect(exitCodes(output)).toEqual([2, 2]);
  });

  it.each([
    ['lacks a file', 'rm', 'is missing'],
    ['has a file that is cut off', 'truncate -s 100', 'is not what was rendered'],
  ])('whose folder %s is refused, and nothing is changed', (_, damage, message) => {
    const output = onMachine(shop(), [
      `snapshot before; ${damage} out/shop/etc/sysctl.d/90-nettune-shop.conf; apply shop; apply shop --dry-run; same before`,
    ]);
    expect(output.split(`nettune shop: etc/sysctl.d/90-nettune-shop.conf ${message}\n`)).toHaveLength(3);
    expect(exitCodes(output)).toEqual([2, 2]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

describe('the program', () => {
  it.each(inCi(SHELLS, 'bash --posix'))(
    'stays on the host, where it needs no folder, and goes with what it put there, in %s',
    (shell) => {
      const output = onMachine(
        untracked(),
        [
          'snapshot before; apply shop >/dev/null; rm -r out; installed verify; installed rules status',
          'sysctl -qw net.core.somaxconn=7; installed verify; sysctl -qw net.core.somaxconn=8192; installed remove --dry-run; installed remove',
          'same before',
        ],
        shell,
      );
      expect(output).toContain('nettune shop: everything is in effect\n');
      expect(output).toContain('net.core.somaxconn is 7, planned: 8192; ');
      expect(output).toContain('nettune shop: everything is gone\n');
      expect(output).toContain('nettune shop: would remove /usr/local/lib/nettune/nettune-host\n');
      expect(exitCodes(output)).toEqual([0, 0, 1, 1, 0]);
      expect(sames(output)).toEqual(['same as before']);
    },
  );

  it('of another version takes its place, and nothing is restarted for that', () => {
    const output = onMachine(untracked(), [
      'apply shop >/dev/null; calls; sed -i s/^own_version=.*/own_version=9/ out/nettune-host; apply shop; calls; installed --version',
      'installed verify',
    ]);
    expect(output).toContain('nettune shop: write /usr/local/lib/nettune/nettune-host\n');
    expect(output).toContain('nettune-host 9 (plans of format 1)\n');
    expect(callsIn(output)[1]).toBe('');
    expect(exitCodes(output)).toEqual([0, 0, 0]);
  });

  it('leaves what somebody else has in its place, once it is removed', () => {
    const output = onMachine(shop(), [
      'mkdir -p /usr/local/lib/nettune; echo mine > /usr/local/lib/nettune/nettune-host; ln -s /bin/true /usr/sbin/nettune-host',
      'snapshot before; apply shop >/dev/null; installed verify; installed remove >/dev/null; same before; cat /usr/local/lib/nettune/nettune-host',
    ]);
    expect(output).toContain('everything is in effect\n');
    expect(output).toMatch(/^mine$/m);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('is not taken along by another profile that goes', () => {
    const gateway = `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}`;
    const output = onMachine(renderProfiles({ gate: gateway, hall: gateway }), [
      'apply gate >/dev/null; snapshot after; remove hall; same after; installed verify',
    ]);
    expect(sames(output)).toEqual(['same as after']);
    expect(exitCodes(output)).toEqual([0, 0]);
  });

  it('reads everything back when a run is confirmed without a folder, and answers when nothing waits', () => {
    const output = onMachine(untracked(), [
      'apply shop --confirm-within 60 >/dev/null; installed verify; sysctl -qw net.core.somaxconn=7; installed apply --confirm',
      'installed apply --confirm; installed apply --put-back; sysctl -qw net.core.somaxconn=8192; installed verify',
    ]);
    expect(output).toContain('nettune shop: a run waits for its confirmation, or was cut short: ');
    expect(output).toContain('nettune shop: net.core.somaxconn is 7, planned: 8192; ');
    expect(output).toContain('nettune shop: nothing waits for confirmation: ');
    expect(output).toContain('nettune shop: there is nothing to put back\n');
    expect(output).not.toMatch(/sed:|No such file/);
    expect(exitCodes(output)).toEqual([2, 1, 1, 0, 0]);
  });

  it('finds a run that was killed while it kept what was there, and files that came by other means', () => {
    const output = onMachine(shop(), [
      'snapshot before; apply shop >/dev/null; cd /var/lib/nettune/shop; mkdir .kept; cp plan .kept; mv plan plan.new; cd - >/dev/null',
      'installed remove >/dev/null; same before; cp -r out/shop/etc/. /etc; rendered remove',
    ]);
    expect(sames(output)).toEqual(['same as before']);
    expect(output).toContain(
      'nettune: files of a profile are on this host (shop), but no record of what was there before',
    );
    expect(exitCodes(output)).toEqual([2]);
  });

  it('tries the packet rules of a profile whose summary looks like one that assigns a helper', () => {
    const output = onMachine(untracked('summary: "-A x -j CT --helper none"\n'), [
      'iptables -A INPUT -p tcp --dport 80 -m conntrack --ctstate NEW -m hashlimit --hashlimit-upto 9/sec --hashlimit-name a -j ACCEPT',
      'iptables -P INPUT DROP; rendered rules reasons out/shop',
    ]);
    expect(output).toContain('limits a rate');
    expect(exitCodes(output)).toEqual([1]);
  });

  it('says what to do where no profile was applied, or more than one has left something', () => {
    const output = onMachine(gate(), [
      'rendered verify; rendered remove; rendered rules status; rendered apply --confirm; rendered apply',
      'apply gate >/dev/null; mkdir -p /var/lib/nettune/older/undo; : > /var/lib/nettune/older/undo/paths; installed verify; installed verify /var/lib/nettune/gate',
    ]);
    expect(output).toContain('nettune: no profile was applied on this host: add the folder of one to the command');
    expect(output).toContain('nettune: no profile is on this host: nothing was changed\n');
    expect(output).toContain('nettune: there are no packet rules of nettune on this host\n');
    expect(output).toContain('usage: nettune-host apply ');
    expect(output).toContain('Add the folder of one to the command: /var/lib/nettune/gate /var/lib/nettune/older');
    expect(exitCodes(output)).toEqual([2, 0, 2, 1, 2, 2, 0]);
  });
});
