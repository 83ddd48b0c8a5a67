import { describe, expect, it } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { exitCodes, onMachine, renderProfiles, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { faultsOf } from '../support/schemas.ts';
import { FEW, shop, TRACKED } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
});

const HOSTS =
  'hosts: [{ memory: 4GiB }, { memory: 8GiB }, { memory: 16GiB }, { memory: 8GiB, distribution: rhel-9 }]\n';

/** A profile for three sizes of this machine, and for another distribution. */
const machines = (hosts = HOSTS) =>
  renderProfiles({ shop: `extends: web-server\n${FEW}${TRACKED.replace(/memory: \w+, /, '')}${hosts}` });

/** memory MIB: what the kernel tells of it from here on. */
const MEMORY = `memory() {
  umount /proc/meminfo 2>/dev/null; echo "MemTotal: $(($1 * 1024)) kB" > meminfo; mount --bind meminfo /proc/meminfo
}`;

const taken = (output: string) =>
  [...output.matchAll(/^nettune shop: takes the plan of machine (.*)$/gm)].map(([, name]) => name);

describe.each(inCi(SHELLS, 'dash', 'busybox sh'))('a host in %s', (shell) => {
  const on = (commands: readonly string[], folder = machines()) => onMachine(folder, [MEMORY, ...commands], shell);

  it.each([
    [3900, '4GiB'],
    [7000, '4GiB'],
    [7424, '8GiB'],
    [7985, '8GiB'], // 7.8 GiB
    [15103, '8GiB'],
    [15104, '16GiB'],
    [400000, '16GiB'],
  ])('with %i MiB takes the plan of the machine with %s', (memory, name) => {
    const output = on([`memory ${memory}; apply shop --dry-run`]);
    expect(taken(output)).toEqual([name]);
    expect(exitCodes(output)).toEqual([1]);
  });

  it('that none fits is told what it has and what there is, and stays as it was', () => {
    const output = on(['memory 3000; snapshot before; apply shop; verify shop; run status shop; same before']);
    expect(output.match(/^nettune shop: .*: no plan fits$/gm)).toEqual(
      Array(3).fill(
        expect.stringMatching(/^nettune shop: Debian 12, \w+, kernel \S+, 3000 MiB of memory: no plan fits$/),
      ),
    );
    expect(output).toMatch(
      /^nettune shop: there is a plan for 4GiB: Debian 12, \w+, kernel 6.1 or newer, 3584 MiB of memory or more$/m,
    );
    expect(output).toMatch(/^nettune shop: there is a plan for rhel-9-8GiB: RedHat 9, /m);
    expect(exitCodes(output)).toEqual([2, 2, 2]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('has the files of its machine and those of all, and a second run changes nothing', () => {
    const output = on([
      'memory 7985; apply shop; snapshot after; apply shop; verify shop; installed verify; same after',
      'cmp /etc/apache2/conf-available/nettune-shop.conf out/shop/machines/8GiB/etc/apache2/conf-available/nettune-shop.conf',
      'cmp /etc/modules-load.d/nettune-shop.conf out/shop/etc/modules-load.d/nettune-shop.conf && echo both are there',
    ]);
    expect(output).toContain('everything is in place: nothing was changed');
    expect(output).toContain('both are there');
    expect(exitCodes(output)).toEqual([0, 0, 0, 0]);
    expect(sames(output)).toEqual(['same as after']);
  });

  it('that grew is told of the larger plan, takes it with the next run, and gives back what was there before the first', () => {
    const output = on([
      'snapshot before; memory 7985; apply shop >/dev/null; installed status; memory 16000; installed status',
      'installed status --format json; apply shop; installed status; memory 3000; installed status; installed verify',
      'installed remove; same before',
    ]);
    expect(output.match(/^nettune shop: (plan of|the plan of|no plan of).*$/gm)).toEqual([
      'nettune shop: plan of machine 8GiB',
      'nettune shop: plan of machine 8GiB',
      'nettune shop: the plan of machine 16GiB fits this host better, which has 16000 MiB of memory: apply the profile again',
      'nettune shop: plan of machine 16GiB',
      'nettune shop: plan of machine 16GiB',
      'nettune shop: no plan of this profile fits this host any more, which has 3000 MiB of memory',
    ]);
    const answer = JSON.parse(/^\{\n[\s\S]*?^\}$/m.exec(output)?.[0] ?? '');
    expect(faultsOf('status', answer)).toEqual([]);
    expect(answer).toMatchObject({ machine: '8GiB', fittingMachine: '16GiB', inEffect: true });
    expect(output).toContain('memory: 3000 MiB, planned for 16384 MiB, of which 15104 must be there');
    expect(exitCodes(output)).toEqual([0, 0, 0, 0, 0, 0, 2, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

describe('a folder for several machines', () => {
  const refused = (damage: string, command = 'apply shop') =>
    onMachine(machines(), [MEMORY, `memory 7985; ${damage}; snapshot before; ${command}; same before`]);

  it.each([
    ['a list that is cut off', "sed -i '15,$d' out/shop/plan", 'out/shop/plan is cut off, or somebody has changed it'],
    [
      'a list that somebody has changed',
      "sed -i 's/ 7424 / 6000 /' out/shop/plan",
      'is cut off, or somebody has changed it',
    ],
    ['a plan less', 'rm -r out/shop/machines/8GiB', 'out/shop/machines/8GiB/plan is not what was rendered'],
    [
      'a plan of another run',
      'cp out/shop/machines/*iB/plan out/shop/machines/8GiB/ 2>/dev/null; cp out/shop/machines/4GiB/plan out/shop/machines/8GiB',
      'is not what was rendered',
    ],
    ['a file less of the machine', 'rm -r out/shop/machines/8GiB/etc', 'is missing'],
    [
      'a file less of all',
      'rm out/shop/etc/modules-load.d/nettune-shop.conf',
      'etc/modules-load.d/nettune-shop.conf is missing',
    ],
    [
      'a name that leads elsewhere',
      "edit shop 's,^machine 8GiB ,machine ../8GiB ,'",
      'has lines that nettune never writes',
    ],
  ])('with %s is refused, and nothing is changed', (_, damage, message) => {
    const output = refused(damage);
    expect(output).toContain(message);
    expect(exitCodes(output)).toEqual([2]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('gives the plan of the machine that --machine names, if that fits', () => {
    const output = onMachine(machines(), [
      MEMORY,
      'memory 16000; apply shop --machine 4GiB >/dev/null; installed status',
      'memory 7985; apply shop --machine 16GiB; apply shop --machine 5GiB; apply shop --machine ../8GiB',
    ]);
    expect(output).toContain('nettune shop: plan of machine 4GiB\nnettune shop: the plan of machine 16GiB fits');
    expect(output).toContain('memory: 7985 MiB, planned for 16384 MiB, of which 15104 must be there');
    expect(output).toMatch(/there is no machine 5GiB in \S+\/plan: there are 4GiB, 8GiB, 16GiB, rhel-9-8GiB$/m);
    expect(exitCodes(output)).toEqual([0, 2, 2, 2]);
  });

  it('needs the machine for an image, whose memory nobody knows, unless only one has its distribution', () => {
    const output = onMachine(machines(), [
      MEMORY,
      'memory 512; mkdir -p image/etc; printf "ID=debian\\nVERSION_ID=12\\n" > image/etc/os-release',
      'apply shop --root image; apply shop --root image --machine 8GiB; verify shop --root image --machine 8GiB',
      'mkdir -p other/etc; printf "ID=rhel\\nVERSION_ID=9\\n" > other/etc/os-release; apply shop --root other',
    ]);
    expect(output).toContain(
      'an image does not tell its memory. Add the machine that it is for to the command: --machine 4GiB or 8GiB or 16GiB',
    );
    expect(exitCodes(output)).toEqual([2, 0, 0, 0]);
    expect(taken(output)).toEqual(['8GiB', '8GiB', 'rhel-9-8GiB']);
  });

  it('may be one for a single machine later: the list goes', () => {
    const folder = machines();
    const single = shop();
    const output = onMachine(folder, [
      MEMORY,
      `memory 16000; apply shop >/dev/null; mv out/shop out/before; cp -r ${single}/out/shop out/shop`,
      'memory 400000; apply shop; installed status; apply shop',
    ]);
    expect(output).not.toContain('plan of machine');
    expect(output).toContain('everything is in place: nothing was changed');
    expect(exitCodes(output)).toEqual([0, 0, 0]);
  });

  it('tells in JSON whose plan was taken', () => {
    const output = onMachine(machines(), [MEMORY, 'memory 7985; apply shop --format json']);
    expect(JSON.parse(/^\{\n[\s\S]*?^\}$/m.exec(output)?.[0] ?? '')).toMatchObject({ failed: false, machine: '8GiB' });
  });

  it('is confirmed as it was applied, with packet rules from the folder that has them', () => {
    const host = TRACKED.replace(/memory: \w+, /, '').replace(', untracked: { served: false }', '');
    const folder = renderProfiles({ shop: `extends: web-server\n${FEW}${host}${HOSTS}` });
    const output = onMachine(folder, [
      MEMORY,
      'memory 7985; apply shop --confirm-within 60; installed apply --confirm; installed status; cat /var/lib/nettune/shop/machines | cmp - out/shop/plan && echo kept',
    ]);
    expect(exitCodes(output)).toEqual([3, 0, 0]);
    expect(output).toContain('nettune shop: plan of machine 8GiB');
    expect(output).toContain('kept');
  });
});
