import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { callsIn, exitCodes, onMachine, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { shop, untracked } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  ss: 'iproute2',
});

describe('a run that is to be confirmed', () => {
  it.each(inCi(SHELLS, 'busybox sh'))('is put back in time without that, by a copy of the program, in %s', (shell) => {
    const output = onMachine(
      untracked(),
      [
        'cp -r out/shop out/gone; snapshot before; apply gone --confirm-within 25; rm -r out/gone; calls',
        'rules | grep -c "NT-PRE-shop .*--notrack"; until_same before; calls; apply shop --confirm',
      ],
      shell,
    );
    expect(output).toContain(
      'in effect, and put back in 25 seconds unless confirmed. To keep it, open a new connection to this host and run: nettune-host apply --confirm\n',
    );
    expect(output).toMatch(/^4$/m);
    expect(exitCodes(output)).toEqual([3, 1]);
    expect(sames(output)).toEqual(['same as before']);
    expect(callsIn(output)[1]).toBe('stop nettune-shop.service,daemon-reload,restart apache2,');
    expect(output).toContain('nothing waits for confirmation');
  });

  it.each(inCi(SHELLS, 'dash'))('stays once it is confirmed, in %s', (shell) => {
    const output = onMachine(
      untracked(),
      [
        'snapshot before; apply shop --confirm-within 60; apply shop --confirm; snapshot after',
        'while pgrep -f undo/copy >/dev/null; do sleep 0.1; done; same after',
        'ls /var/lib/nettune/shop; apply shop --confirm; remove shop; same before',
      ],
      shell,
    );
    expect(exitCodes(output)).toEqual([3, 0, 1, 0]);
    expect(output).toContain('everything is in effect\n');
    expect(output).toMatch(/^before\nplan$/m);
    expect(sames(output)).toEqual(['same as after', 'same as before']);
  });

  it('needs no confirmation, and no timer, when no packet rules change', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; sysctl -qw net.ipv4.tcp_keepalive_time=77; apply shop --confirm-within 1; snapshot after',
      'sleep 2; same after',
    ]);
    expect(exitCodes(output)).toEqual([0]);
    expect(sames(output)).toEqual(['same as after']);
  });

  it('is in the way of every other run until then, which changes nothing', () => {
    const output = onMachine(untracked(), [
      'snapshot before; apply shop --confirm-within 60 >/dev/null; snapshot waiting; apply shop; apply shop --dry-run',
      'remove shop; same waiting; cp out/shop/plan plan; edit shop /^limit/d; apply shop --confirm',
      'mv plan out/shop/plan; same waiting; apply shop --put-back; same before; apply shop --put-back',
    ]);
    expect(exitCodes(output)).toEqual([2, 2, 2, 2, 0, 0]);
    expect(output.match(/a run waits for its confirmation/g)).toHaveLength(3);
    expect(output).toContain('what waits for confirmation is another plan');
    expect(output).toContain('there is nothing to put back');
    expect(sames(output)).toEqual(['same as waiting', 'same as waiting', 'same as before']);
  });

  it('can be put back, confirmed, or gone on from when its host was restarted meanwhile', () => {
    const waiting = 'apply shop --confirm-within 60 >/dev/null; echo another boot > /var/lib/nettune/shop/undo/waiting';
    const output = onMachine(untracked(), [
      `snapshot before; ${waiting}; apply shop --put-back; same before`,
      `${waiting}; apply shop --confirm; ls /var/lib/nettune/shop; remove shop >/dev/null; same before`,
      `${waiting}; apply shop; ls /var/lib/nettune/shop; remove shop >/dev/null; same before`,
    ]);
    expect(exitCodes(output)).toEqual([0, 0, 0]);
    expect(output.match(/^before\nplan$/gm)).toHaveLength(2);
    expect(output).toContain('an earlier run was cut short');
    expect(sames(output)).toEqual(['same as before', 'same as before', 'same as before']);
  });

  it('has a timer of systemd where that is', () => {
    const systemdRun = '#!/bin/sh\necho "$@" > armed; shift 2; { sleep 5; "$@"; } >/dev/null 2>&1 &\n';
    const folder = untracked();
    writeFileSync(join(folder, 'systemd-run'), systemdRun, { mode: 0o755 });
    const output = onMachine(folder, [
      'snapshot before; TEST_PATH=$PWD:$TEST_PATH; apply shop --confirm-within 5; cat armed; until_same before',
    ]);
    expect(output).toMatch(
      /^--on-active=5 --timer-property=AccuracySec=1s sh -c [^$]* sh \/var\/lib\/nettune\/shop\/undo\/copy\.\w+\/nettune-host apply --put-back \/var\/lib\/nettune\/shop\/undo\/copy\.\w+$/m,
    );
    expect(exitCodes(output)).toEqual([3]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('is not begun where there is no timer', () => {
    const output = onMachine(untracked(), [
      'mount --bind /dev/null /usr/bin/setsid; snapshot before; apply shop --confirm-within 60; same before',
    ]);
    expect(output).toContain('there is neither systemd nor setsid for a timer');
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('takes no time that a shell would read otherwise, or not at all', () => {
    const times = ['', 'soon', '-1', '010', '100000'];
    const output = onMachine(
      shop(),
      times.map((time) => `apply shop --confirm-within '${time}'`),
    );
    expect(exitCodes(output)).toEqual(times.map(() => 2));
  });
});

describe('one run at a time', () => {
  it('another one changes nothing, and may ask what would be done', () => {
    const output = onMachine(shop(), [
      'snapshot before; flock /run/nettune.lock sleep 4 & sleep 0.5; apply shop; remove shop; apply shop --dry-run; wait; same before',
    ]);
    expect(exitCodes(output)).toEqual([2, 2, 1]);
    expect(output.match(/nothing was changed: another run is going on/g)).toHaveLength(2);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('a timer waits for the run that armed it', () => {
    const slow = "tested_by 'sleep 4'";
    const output = onMachine(untracked(), [
      `${slow}; snapshot before; apply shop --confirm-within 1; until_same before; apply shop`,
    ]);
    expect(exitCodes(output)).toEqual([3, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('however long a run takes, the time to confirm begins at its end', () => {
    const output = onMachine(untracked(), ["tested_by 'sleep 7'; apply shop --confirm-within 6; apply shop --confirm"]);
    expect(exitCodes(output)).toEqual([3, 0]);
  });

  it('a timer has nothing to do when its run was confirmed while it waited for another', () => {
    const output = onMachine(untracked(), [
      'apply shop --confirm-within 60 >/dev/null; snapshot waiting; cd /var/lib/nettune/shop/undo; flock /run/nettune.lock sleep 3 & sleep 0.5',
      'for copy in copy.*; do dash $copy/nettune-host apply --put-back $copy & done; sleep 1; mv $copy copy.later; wait',
      'mv copy.later $copy; cd - >/dev/null; same waiting; apply shop --put-back',
    ]);
    expect(exitCodes(output)).toEqual([0]);
    expect(sames(output)).toEqual(['same as waiting']);
  });

  it('a server that a run has started does not keep the next one away', () => {
    const service = '#!/bin/sh\n[ "$2" != restart ] || sleep 8 >/dev/null 2>&1 &\n[ "$1" = apache2 ]\n';
    const folder = shop();
    writeFileSync(join(folder, 'service'), service, { mode: 0o755 });
    const output = onMachine(folder, ['rm -r /run/systemd; TEST_PATH=$PWD:$TEST_PATH; apply shop; apply shop']);
    expect(exitCodes(output)).toEqual([0, 0]);
  });
});
