import { describe, expect, it } from 'vitest';
import { isLong } from '../support/long.ts';
import { exitCodes, onMachine, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { SEED, sampleMoments } from '../support/random-moments.ts';
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

describe('what fails half-way is put back', () => {
  const REFUSED =
    'sysctl: { net.ipv4.tcp_congestion_control: { value: nonesuch }, net.core.rmem_default: { value: 4194304 } }\n' +
    'allow: [{ check: word-is-known, because: the kernel is to refuse it }]\n';

  it.each([
    {
      what: 'a parameter that the kernel refuses',
      more: REFUSED,
      breaking: '',
      says: 'could not set net.ipv4.tcp_congestion_control from',
    },
    {
      what: 'a unit that does not start',
      made: untracked,
      breaking: ': > layer/nettune-shop.broken',
      says: 'could not start nettune-shop.service',
    },
    {
      what: 'a configuration with which Apache would not start',
      breaking: 'echo Nonsense > /etc/apache2/conf-enabled/0.conf',
      says: "Invalid command 'Nonsense'",
    },
    {
      what: 'a server that does not come back',
      breaking: ': > layer/apache2.broken',
      says: 'could not restart apache2',
    },
    {
      what: 'a server that ends as soon as it has started',
      more: '',
      breaking: ': > layer/apache2.mortal',
      says: 'could not restart apache2',
    },
    {
      what: 'a folder where a file belongs',
      breaking: 'mkdir -p /etc/modprobe.d/nettune-shop.conf',
      says: 'neither a file nor a link',
    },
    {
      what: 'a module that is not there',
      breaking: 'edit shop "s/^module .*/module nonesuch/"',
      says: 'could not load module nonesuch',
    },
    {
      what: 'a value that has no effect',
      breaking: 'mount --bind /dev/null /proc/sys/net/core/somaxconn',
      says: 'could not set net.core.somaxconn',
    },
  ])('$what', ({ breaking, says, more, made = shop }) => {
    const output = onMachine(made(more), [
      'mkdir -p /etc/apache2/conf-available; echo mine > /etc/apache2/conf-available/nettune-shop.conf',
      `${breaking || ':'}; snapshot before; apply shop; same before`,
    ]);
    expect(output).toContain(says);
    expect(output).toContain('putting back what was there before');
    expect(output).toContain('everything is as it was');
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('all refused parameters are named, and a server that had taken new files takes the old ones again', () => {
    const output = onMachine(shop(REFUSED), [': > layer/apache2.broken; apply shop; calls']);
    expect(output).toContain('could not set net.ipv4.tcp_congestion_control');
    expect(output).toContain('could not set net.core.rmem_default');
    expect(output).toContain('calls: daemon-reload,\n');
    expect(onMachine(untracked(), [': > layer/apache2.broken; apply shop; calls'])).toContain(
      'calls: daemon-reload,start nettune-shop.service,restart apache2,stop nettune-shop.service,daemon-reload,restart apache2,\n',
    );
  });

  /** Is run in place of Apache's test of its configuration, when everything else is done. */
  const INTERRUPT = (signal: string) =>
    `printf '#!/bin/sh\\nkill -${signal} $(cat layer/pid); sleep 0.3\\n' > interrupt; chmod +x interrupt
    tested_by $PWD/interrupt
    interrupted() { sh -c 'echo $$ > layer/pid; PATH=$TEST_PATH exec dash out/nettune-host apply $0 out/shop' "$*"; echo "exit code $?"; rm layer/pid; }`;

  it.each(['TERM', 'INT', 'HUP'])('an interruption by SIG%s', (signal) => {
    const output = onMachine(shop(), [INTERRUPT(signal), 'snapshot before; interrupted; same before']);
    expect(output).toContain('interrupted: putting back');
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('a run that nobody listens to any more', () => {
    const run = '{ dash out/nettune-host apply out/shop 2>&1; echo "exit code $?" > layer/pid; }';
    const output = onMachine(untracked(), [
      `snapshot before; ${run} | sed "/: start nettune/q"; until_same before >/dev/null; cat layer/pid; same before`,
    ]);
    expect(output).toMatch(/nettune shop: start nettune-shop.service\nexit code 1\n/);
    expect(sames(output)).toEqual(['same as before']);
  });

  describe('after a crash at the last step', () => {
    const CRASH = [
      INTERRUPT('KILL'),
      'echo mine > /etc/modprobe.d/nettune-shop.conf; snapshot before; interrupted; sleep 1; ls /etc/nettune; calls',
    ];

    it('the next run does what is left, and keeps the real originals', () => {
      const output = onMachine(untracked(), [
        ...CRASH,
        'echo : > interrupt; apply shop; calls; remove shop; same before',
      ]);
      expect(output).toContain('an earlier run was cut short');
      expect(exitCodes(output)).toEqual([137, 0, 0]);
      expect(output).toMatch(/^calls: reload nettune-shop.service,restart apache2,$/m);
      expect(sames(output)).toEqual(['same as before']);
    });

    it('a run that fails puts back what the first one found', () => {
      const output = onMachine(shop(), [
        ...CRASH,
        'echo false > interrupt; apply shop; rm -f layer/nettune-shop; same before',
      ]);
      expect(exitCodes(output)).toEqual([137, 1]);
      expect(output).toContain('same as before\n');
    });

    it('a run that finds everything done keeps the originals for good', () => {
      const output = onMachine(shop(), [
        'snapshot before; apply shop >/dev/null; cd /var/lib/nettune/shop; mv before undo; mv plan undo; sed -i "/^sum /d" undo/paths; : > undo/done; cd - >/dev/null',
        'apply shop; ls /var/lib/nettune/shop; remove shop; same before',
      ]);
      expect(output).toContain('before\nplan\n');
      expect(exitCodes(output)).toEqual([0, 0]);
      expect(sames(output)).toEqual(['same as before']);
    });

    it('a timer puts back what was done so far, which nothing can confirm', () => {
      const output = onMachine(untracked(), [
        INTERRUPT('KILL'),
        'snapshot before; interrupted --confirm-within 6; apply shop --confirm; sleep 9; same before',
      ]);
      expect(exitCodes(output)).toEqual([137, 1]);
      expect(output).toContain('nothing waits for confirmation');
      expect(sames(output)).toEqual(['same as before']);
    });

    it('remove puts back what it found, also where it had begun to keep that for good', () => {
      const output = onMachine(shop(), [
        ...CRASH,
        'mkdir -p /var/lib/nettune/shop/before/files; remove shop; same before',
      ]);
      expect(exitCodes(output)).toEqual([137, 0]);
      expect(sames(output)).toEqual(['same as before']);
    });

    it('another plan is applied after that run was put back, and nothing of it stays', () => {
      const output = onMachine(untracked(), [
        ...CRASH,
        "edit shop -e '/^rules /d; /^unit /d; /^loads /d; /^untracked /d; / etc.nettune/d; /nettune-shop.service/d; /tcp_keepalive/d'",
        'echo : > interrupt; apply shop >/dev/null; grep -c nettune-shop.service /var/lib/nettune/shop/plan; remove shop; same before',
      ]);
      expect(output).toContain('an earlier run was cut short: putting back what was there before it\n');
      expect(output).toContain('\n0\n');
      expect(sames(output)).toEqual(['same as before']);
    });

    it('what it found is put back in an image of that host, and the running system is left alone', () => {
      const output = onMachine(shop(), [
        ...CRASH,
        'mkdir -p image/var/lib; cp -a /etc image; cp -a /var/lib/nettune image/var/lib; echo : > interrupt; remove shop >/dev/null; same before',
        'sysctl -qw net.core.somaxconn=1234; snapshot before; calls >/dev/null; remove shop --root image; calls; same before; cat image/etc/modprobe.d/nettune-shop.conf; ls image/var/lib',
      ]);
      expect(sames(output)).toEqual(['same as before', 'same as before']);
      expect(output).toMatch(/everything is as it was\nexit code 0\ncalls: \nsame as before\nmine\n$/);
    });

    it('one that had begun to keep its record for good is gone on with', () => {
      const output = onMachine(shop(), [
        'echo mine > /etc/modprobe.d/nettune-shop.conf; snapshot before; apply shop >/dev/null; snapshot applied',
        'cd /var/lib/nettune/shop; mkdir .kept; for list in plan before/paths; do mv $list $list.new; done; cd - >/dev/null',
        'apply shop; same applied; cd /var/lib/nettune/shop; mkdir .kept; mv before/values before/values.new; cd - >/dev/null; remove shop; same before',
      ]);
      expect(exitCodes(output)).toEqual([0, 0]);
      expect(sames(output)).toEqual(['same as applied', 'same as before']);
    });

    it('a folder in the place of a file that was there is said, and nothing is lost', () => {
      const output = onMachine(shop(), [
        ...CRASH,
        'rm /etc/modprobe.d/nettune-shop.conf; mkdir /etc/modprobe.d/nettune-shop.conf; remove shop; ls /etc/modprobe.d/nettune-shop.conf',
        'rmdir /etc/modprobe.d/nettune-shop.conf; apply shop --put-back; same before',
      ]);
      expect(output).toContain('/etc/modprobe.d/nettune-shop.conf is not as it was\n');
      expect(exitCodes(output)).toEqual([137, 1, 0]);
      expect(sames(output)).toEqual(['same as before']);
    });

    it('so does remove', () => {
      const output = onMachine(shop(), [...CRASH, 'echo : > interrupt; remove shop; same before']);
      expect(exitCodes(output)).toEqual([137, 0]);
      expect(sames(output)).toEqual(['same as before']);
    });
  });

  it('of a removal', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; snapshot applied; : > layer/apache2.broken; remove shop; until_same applied; verify shop',
    ]);
    expect(output).toContain('could not restart apache2');
    expect(exitCodes(output)).toEqual([1, 0]);
    expect(sames(output)).toEqual(['same as applied']);
  });
});

describe('a record that is damaged, as after a power failure on a disk that lies, is said, and never success', () => {
  const MINE = 'echo mine > /etc/modprobe.d/nettune-shop.conf';
  const NAMED = [
    [
      'a file of an administrator is empty',
      'before/files/etc/modprobe.d/nettune-shop.conf',
      ': >',
      'is not what was kept there',
    ],
    [
      'a file of an administrator is gone',
      'before/files/etc/modprobe.d/nettune-shop.conf',
      'rm',
      'is not what was kept there',
    ],
    ['the list of files is empty', 'before/paths', ': >', 'is cut off'],
    ['the list of files is cut off', 'before/paths', "sed -i '$d'", 'is cut off'],
    ['the list of files is gone', 'before/paths', 'rm', 'is missing'],
    ['the list of parameters is empty', 'before/values', ': >', 'is cut off'],
    ['the list of parameters is gone', 'before/values', 'rm', 'is not what was kept there'],
    ['the plan that was applied is cut off', 'plan', "sed -i '20,$d'", 'is not what was kept there'],
  ] as const;

  it.each(NAMED)('%s', (_, path, damage, says) => {
    const output = onMachine(shop(), [
      `${MINE}; apply shop >/dev/null; ${damage} /var/lib/nettune/shop/${path}; sysctl -qw net.core.somaxconn=77`,
      'snapshot damaged; apply shop; remove shop; apply shop --put-back; same damaged',
      'rm -r /var/lib/nettune/shop; remove shop; cat /etc/modprobe.d/nettune-shop.conf',
    ]);
    expect(output.match(new RegExp(`/var/lib/nettune/shop/${path} ${says}`, 'g'))).toHaveLength(3);
    expect(output.match(/nothing was changed: copies of what was there before are damaged/g)).toHaveLength(3);
    expect(exitCodes(output)).toEqual([1, 1, 1, 0]);
    expect(sames(output)).toEqual(['same as damaged']);
  });

  it('of a run that was cut short, too', () => {
    const output = onMachine(shop(), [
      `${MINE}; apply shop >/dev/null; cd /var/lib/nettune/shop; mv before undo; rm plan after; echo "file x" > undo/done; : > undo/paths; cd - >/dev/null`,
      'snapshot damaged; apply shop; remove shop; apply shop --put-back; apply shop --confirm; same damaged',
    ]);
    expect(exitCodes(output)).toEqual([1, 1, 1, 1]);
    expect(sames(output)).toEqual(['same as damaged']);
  });

  it('but one that was cut short before it had changed anything is nothing', () => {
    const output = onMachine(shop(), [
      `${MINE}; snapshot before; mkdir -p /var/lib/nettune/shop/undo/files/etc/modprobe.d; : > /var/lib/nettune/shop/undo/files/etc/modprobe.d/nettune-shop.conf`,
      'remove shop; same before; apply shop >/dev/null; remove shop; same before',
    ]);
    expect(exitCodes(output)).toEqual([0, 0]);
    expect(sames(output)).toEqual(['same as before', 'same as before']);
  });
});

/** On a machine of their own, ten moments each. */
const ROUNDS = isLong ? 10 : 1;

describe(`killed at any moment (NETTUNE_SEED=${SEED})`, () => {
  /** What an administrator had at places of ours, so that there is something to lose. */
  const MINE = [
    'mkdir -p /etc/apache2/conf-available; echo mine > /etc/apache2/conf-available/nettune-shop.conf',
    'echo mine > /etc/modprobe.d/nettune-shop.conf; chmod 600 /etc/modprobe.d/nettune-shop.conf; sysctl -qw net.core.somaxconn=77',
    'ln -s nowhere /etc/udev/rules.d/90-nettune-shop.rules',
  ];

  /** With everything that it has started, after a share of the milliseconds that a whole run takes; the last to go holds the lock. */
  const KILLED = `
    killed() {
      setsid dash out/nettune-host $2 out/shop >output 2>&1 &
      sleep $(awk -v share=$1 -v whole=$3 'BEGIN { print share * whole / 1000 }'); { kill -9 -$!; wait $!; } 2>/dev/null
      [ ! -e /run/nettune.lock ] || flock /run/nettune.lock true
    }
    milliseconds() { before=$(date +%s%3N); "$@" >/dev/null; echo $(($(date +%s%3N) - before)); }`;

  describe.each(['apply', 'remove'])('%s', (script) => {
    it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
      'leaves everything to a removal, which puts back exactly what was there before (%i)',
      (seed) => {
        const shares = sampleMoments(10, seed);
        const output = onMachine(shop(), [
          KILLED,
          ...MINE,
          'snapshot before; applying=$(milliseconds apply shop); removing=$(milliseconds remove shop); same before',
          `for share in ${shares.join(' ')}; do`,
          script === 'apply'
            ? 'killed $share apply $applying'
            : 'apply shop >/dev/null; killed $share remove $removing',
          'remove shop >output 2>&1; grep -q "^exit code 0" output || echo "after $share: $(cat output)"; same before; done',
        ]);
        expect(output).toBe('same as before\n'.repeat(1 + shares.length));
      },
    );
  });
});
