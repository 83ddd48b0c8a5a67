import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { hostOfThisMachine, MACHINE, onMachine, renderProfiles, SHELLS } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  ss: 'iproute2',
  python3: 'python3',
});

/** As few connections as this machine's table holds. */
const FEW = 'traffic: { connectionsPerSecond: 100, outbound: [] }\n';
const TRACKED = hostOfThisMachine(', untracked: { served: false }');
/** Without packet rules: each run costs a proof otherwise, and most tests are about something else. */
const shop = (more = '') => renderProfiles({ shop: `extends: web-server\n${FEW}${TRACKED}${more}` });
const untracked = (more = '') => renderProfiles({ shop: `extends: web-server\n${hostOfThisMachine()}${more}` });
const shopOn = (host: string) => renderProfiles({ shop: `extends: web-server\nhost: { memory: 4GiB, ${host} }\n` });
/** So few neighbours that their table stays as it is: a network namespace does not have its size. */
const gate = () =>
  renderProfiles({ gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}` });

/** A profile for another distribution, for which this machine stands: modules and httpd are its own, and servers need no test. */
function standIn(name: string, base: string, distribution: string): string {
  const profile = `extends: ${base}\n${hostOfThisMachine().replace('debian-12', distribution)}`;
  const folder = renderProfiles({ [name]: profile });
  const plan = join(folder, 'out', name, 'shell/plan');
  const edited = readFileSync(plan, 'utf8')
    .replace(/^family .*\ndistribution .*\nmajor-version .*$/m, 'family Debian\ndistribution Debian\nmajor-version 12')
    .replace(/^(module|mpm) .*\n/gm, '')
    .replace(/^service (\w+) .*$/m, 'service $1 /bin/true');
  writeFileSync(plan, edited);
  return folder;
}

const exitCodes = (output: string) => [...output.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => Number(code));
const callsIn = (output: string) => [...output.matchAll(/^calls: (.*)$/gm)].map(([, calls]) => calls);
const sames = (output: string) => output.match(/^same as \w+$/gm) ?? [];

describe.each(SHELLS)('run by %s', (shell) => {
  it('the scripts apply a plan once, see what differs, and leave everything as it was before', () => {
    const output = onMachine(
      untracked(),
      [
        'snapshot before; apply shop --dry-run; same before; calls',
        'apply shop; rules | grep -c "NT-PRE-shop .*--notrack"; sysctl net.core.somaxconn; cat layer/hashsize; calls',
        'snapshot after; apply shop; same after; calls',
        'verify shop',
        'echo net.core.somaxconn=77 > /etc/sysctl.d/99-other.conf; sysctl -q -p /etc/sysctl.d/99-other.conf',
        'iptables -t raw -F NT-PRE-shop; verify shop',
        'rm /etc/sysctl.d/99-other.conf; apply shop; same after; calls',
        'remove shop --dry-run; same after; remove shop; calls; same before; remove shop; same before',
      ],
      shell,
    );
    expect(exitCodes(output)).toEqual([1, 0, 0, 0, 1, 0, 1, 0, 0]);
    expect(sames(output)).toEqual(
      ['before', 'after', 'after', 'after', 'before', 'before'].map((name) => `same as ${name}`),
    );
    expect(output).toContain('would set net.core.somaxconn from 4096 to 8192\n');
    expect(output).toContain('net.core.somaxconn = 8192\n');
    expect(output).toContain('everything is in place: nothing was changed\n');
    expect(output).toContain(
      'net.core.somaxconn is 77, planned: 8192; set by /etc/sysctl.d/99-other.conf line 1, which wins at boot too\n',
    );
    expect(output).toContain('chain NT-PRE-shop does not hold its rules\n');
    expect(output).toContain('everything is gone\n');
    expect(callsIn(output)).toEqual([
      '',
      'daemon-reload,start nettune-shop.service,restart apache2,',
      '',
      'reload nettune-shop.service,restart apache2,',
      'stop nettune-shop.service,daemon-reload,restart apache2,',
    ]);
  });
});

describe('before its first change, apply.sh', () => {
  it('names everything in which the host is not what was planned for', () => {
    const other = MACHINE === 'x86_64' ? 'aarch64' : 'x86_64';
    const host = `{ distribution: rhel-9, kernel: "9.0", memory: 64TiB, architecture: ${other} }`;
    const output = onMachine(renderProfiles({ elsewhere: `extends: web-server\nhost: ${host}\n` }), [
      'iptables -t nat -A PREROUTING -p tcp -m multiport --dports 22,440:450 -j REDIRECT --to-ports 3128',
      'snapshot before; apply elsewhere; verify elsewhere; same before',
    ]);
    expect(output).toContain('nothing was changed: this host is not what was planned for');
    expect(output).toContain('family: Debian, planned for RedHat\n');
    expect(output).toContain('distribution: Debian, planned for RedHat\n');
    expect(output).toContain('major version: 12, planned for 9\n');
    expect(output).toContain(`architecture: ${MACHINE}, planned for ${other}\n`);
    expect(output).toMatch(/kernel: \d\S+, planned for 9\.0 or newer\n/);
    expect(output).toMatch(/memory: \d+ MiB, planned for 67108864 MiB, of which 50331648 must be there\n/);
    expect(output).toMatch(/nobody reaches port 443 .* a rule of yours translates it, .*--dports 22,440:450/);
    expect(exitCodes(output)).toEqual([2, 2]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it.each([
    ['CentOS release 5.11 (Final)', 'CentOS', '5'],
    ['Red Hat Enterprise Linux Server release 6.10 (Santiago)', 'RedHat', '6'],
  ])('knows a host from before os-release: %s', (release, distribution, version) => {
    const output = onMachine(shop(), [
      'mount --bind /dev/null /usr/lib/os-release',
      `echo '${release}' > /etc/redhat-release; apply shop`,
    ]);
    expect(output).toContain(`distribution: ${distribution}, planned for Debian\n`);
    expect(output).toContain(`major version: ${version}, planned for 12\n`);
  });

  it('takes any host of the family for a distribution that was unknown when this was planned', () => {
    const unknown = (family: string) =>
      shopOn(`distribution: mint-99, family: ${family}, kernel: "4.20", architecture: ${MACHINE}`);
    expect(exitCodes(onMachine(unknown('debian'), ['apply shop --dry-run; verify shop']))).toEqual([1, 1]);
    const output = onMachine(unknown('redhat'), ['apply shop --dry-run']);
    expect(output).toMatch(/not what was planned for\n.*: family: Debian, planned for RedHat\nexit code 2\n$/);
  });

  it.each([
    ['6.1', '6.1.0-18-amd64', true],
    ['6.9', '6.10.3', true],
    ['6.1', '5.19.0', false],
    ['2.6.18', '2.6.18-398.el5', true],
    ['2.6.18', '2.6.9-89.EL', false],
    ['2.6.18', '3.0', true],
  ])('a plan for kernel %s, on %s', (planned, release, fits) => {
    const uname = `#!/bin/sh\\n[ "$1" = -r ] && echo ${release} || echo ${MACHINE}`;
    const output = onMachine(shop(), [
      `sed -i 's/^kernel .*/kernel ${planned}/' out/shop/shell/plan`,
      `mkdir bin; printf '${uname}\\n' > bin/uname; chmod +x bin/uname; TEST_PATH=$PWD/bin:$PATH; apply shop --dry-run`,
    ]);
    expect(exitCodes(output)).toEqual([fits ? 1 : 2]);
    expect(output.includes(`kernel: ${release}, planned for ${planned} or newer`)).toBe(!fits);
  });

  it('asks httpd for its MPM, and verify.sh names another one than was planned', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir bin; printf "#!/bin/sh\\necho Server MPM:     Prefork\\n" > bin/apachectl; chmod +x bin/apachectl',
      'snapshot after; verify shop; TEST_PATH=$PWD/bin:$TEST_PATH; verify shop; apply shop; same after; verify shop --root image',
      'mkdir image; cp -r /etc image; rm image/etc/sysctl.d/99-*; verify shop --root image',
    ]);
    expect(output).toContain('not what was planned for\nnettune shop: MPM of httpd: prefork, planned for event\n');
    expect(output.match(/MPM of httpd/g)).toHaveLength(2);
    expect(exitCodes(output)).toEqual([0, 1, 2, 2, 0]);
    expect(sames(output)).toEqual(['same as after']);
  });

  it.each([
    [
      'without root',
      'PATH=$PWD/bin:$PATH; mkdir bin; echo "echo 1000" > bin/id; chmod +x bin/id; TEST_PATH=$PATH; apply shop',
    ],
    ['with an unknown option', 'apply shop --force'],
    ['with / as an image', 'apply shop --root /'],
    ['with an image that is not there', 'apply shop --root /nonesuch'],
  ])('ends %s', (_, command) => {
    const output = onMachine(shop(), ['snapshot before', command, 'rm -rf bin', 'same before']);
    expect(exitCodes(output)).toEqual([2]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

describe('what fails half-way is put back', () => {
  const REFUSED =
    'sysctl: { net.ipv4.tcp_congestion_control: { value: nonesuch }, net.core.rmem_default: { value: 4194304 } }\n';

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
      breaking: 'sed -i "s/^module .*/module nonesuch/" out/shop/shell/plan',
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
    sed -i "s,^service .*,service apache2 $PWD/interrupt," out/shop/shell/plan
    interrupted() { sh -c 'echo $$ > layer/pid; exec dash out/shop/shell/apply.sh $0' "$*"; echo "exit code $?"; rm layer/pid; }`;

  it.each(['TERM', 'INT', 'HUP'])('an interruption by SIG%s', (signal) => {
    const output = onMachine(shop(), [INTERRUPT(signal), 'snapshot before; interrupted; same before']);
    expect(output).toContain('interrupted: putting back');
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('a run that nobody listens to any more', () => {
    const run = '{ dash out/shop/shell/apply.sh 2>&1; echo "exit code $?" > layer/pid; }';
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
        'snapshot before; apply shop >/dev/null; cd /var/lib/nettune/shop; mv before undo; rm plan; : > undo/done; cd - >/dev/null',
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

    it('so does remove.sh', () => {
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

describe('remove.sh', () => {
  it('puts back files that were there before, and leaves what somebody else has written or set since', () => {
    const output = onMachine(untracked(), [
      'mkdir -p /etc/udev/rules.d; echo mine > /etc/modprobe.d/nettune-shop.conf; chmod 600 /etc/modprobe.d/nettune-shop.conf',
      'mkdir folder; for link in apache2/conf-enabled/nettune-shop.conf sysctl.d/90-nettune-shop.conf; do ln -s $PWD/folder /etc/$link; done',
      'ln -s nowhere /etc/udev/rules.d/90-nettune-shop.rules; snapshot before; apply shop >/dev/null; verify shop; ls -A folder',
      'ln -sf elsewhere /etc/systemd/system/ufw.service.wants/nettune-shop.service',
      'echo theirs > /etc/modules-load.d/nettune-shop.conf; sysctl -qw net.ipv4.tcp_keepalive_time=77; remove shop',
      'cat /etc/modules-load.d/nettune-shop.conf; sysctl net.ipv4.tcp_keepalive_time',
      'rm -r /etc/systemd/system/ufw.service.wants /etc/modules-load.d/nettune-shop.conf; sysctl -qw net.ipv4.tcp_keepalive_time=7200; same before',
    ]);
    expect(output).toContain(
      '/etc/systemd/system/ufw.service.wants/nettune-shop.service stays: it leads elsewhere by now',
    );
    expect(output).toContain('/etc/modules-load.d/nettune-shop.conf stays: somebody else has written it since');
    expect(output).toContain(
      'net.ipv4.tcp_keepalive_time stays 77, which somebody else has set since: ours was 1200, and it was 7200',
    );
    expect(output).toMatch(/^theirs$/m);
    expect(output).toMatch(/^net.ipv4.tcp_keepalive_time = 77$/m);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('stops forwarding without taking redirects again, and without touching what an interface had or was given', () => {
    const output = onMachine(gate(), [
      'ip link add one type veth peer name two; ip link add three type veth peer name four',
      'sysctl -qw net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.one.forwarding=1 net.ipv4.conf.three.forwarding=1',
      'rm layer/apache2; apply gate; sysctl net.ipv4.ip_forward net.ipv4.conf.two.forwarding',
      'sysctl -qw net.ipv4.conf.three.forwarding=0; remove gate',
      'sysctl net.ipv4.ip_forward net.ipv4.conf.all.accept_redirects net.ipv4.conf.one.forwarding',
      'sysctl net.ipv4.conf.two.forwarding net.ipv4.conf.three.forwarding',
    ]);
    expect(exitCodes(output)).toEqual([0, 0]);
    expect(output.match(/^net\.ipv4\.\S+ = \d$/gm)).toEqual([
      'net.ipv4.ip_forward = 1',
      'net.ipv4.conf.two.forwarding = 1',
      'net.ipv4.ip_forward = 0',
      'net.ipv4.conf.all.accept_redirects = 0',
      'net.ipv4.conf.one.forwarding = 1',
      'net.ipv4.conf.two.forwarding = 0',
      'net.ipv4.conf.three.forwarding = 0',
    ]);
  });

  it('takes away what was put there by other means, and says that values stay', () => {
    const output = onMachine(untracked(), [
      'snapshot before; cp -r out/shop/etc/. /etc; ln -s ../conf-available/nettune-shop.conf /etc/apache2/conf-enabled/',
      'sysctl -qw net.core.somaxconn=8192; remove shop; ls /etc/nettune /etc/apache2/conf-enabled /var/lib/nettune',
    ]);
    expect(output).toContain('net.core.somaxconn stays 8192 until the next boot: what it was before is not known');
    expect(output).not.toMatch(/^nettune-shop|is not as it was/m);
    expect(exitCodes(output)).toEqual([0]);
  });

  it('forgets files that Ansible or a person had copied before', () => {
    const output = onMachine(shop(), [
      'cp -r out/shop/etc/. /etc; ln -s ../conf-available/nettune-shop.conf /etc/apache2/conf-enabled/',
      'apply shop >/dev/null; remove shop; find /etc -name "*nettune-shop*"; ls /var/lib/nettune',
    ]);
    expect(exitCodes(output)).toEqual([0]);
    expect(output).not.toMatch(/^\/etc/m);
  });
});

test('packet rules of ours that somebody saved are named, with what takes them out, and do no harm', () => {
  const output = onMachine(untracked(), [
    'mkdir -p /etc/iptables; apply shop >/dev/null; iptables-save > /etc/iptables/rules.v4; ip6tables-save > /etc/iptables/rules.v6',
    'verify shop > layer/said; cat layer/said; grep -c NT- /etc/iptables/rules.v4',
    "sed -n 's/.*take them out with: //p' layer/said > layer/command; sh layer/command; grep -c NT- /etc/iptables/rules.v?; rm layer/said layer/command",
    'iptables-restore --test /etc/iptables/rules.v4 && echo restorable; iptables-save > /etc/iptables/rules.v4; remove shop',
  ]);
  const saved = (file: string) =>
    `nettune shop: /etc/iptables/${file} has packet rules of this profile, which somebody saved`;
  expect(output.split(saved('rules.v4'))).toHaveLength(3);
  expect(output.split(saved('rules.v6'))).toHaveLength(2);
  expect(output).toContain('everything is in effect\n');
  expect(output).toContain('/etc/iptables/rules.v4:0\n/etc/iptables/rules.v6:0\nrestorable\n');
  expect(exitCodes(output)).toEqual([0, 0]);
});

test('what a plan has no more is undone when the next one is applied, and put back when that fails', () => {
  const folder = renderProfiles({
    shop: `extends: web-server\n${FEW}${hostOfThisMachine()}sysctl: { net.ipv4.tcp_fin_timeout: { value: 33 } }\n`,
    bare: `extends: web-server\n${FEW}${TRACKED}`,
  });
  const output = onMachine(folder, [
    // The later plan of the same name.
    "mv out/shop out/first; mv out/bare out/shop; grep -rl bare out/shop | xargs sed -i 's/bare/shop/g'",
    "find out/shop -depth -name '*bare*' | while read -r path; do mv $path $(echo $path | sed 's/bare\\([^/]*\\)$/shop\\1/'); done",
    'apply first >/dev/null; ls /etc/nettune; snapshot first',
    ': > layer/apache2.broken; echo KeepAlive Off >> out/shop/etc/apache2/conf-available/nettune-shop.conf; apply shop; until_same first',
    'apply shop; ls /etc/nettune; rules | grep -c NT-; sysctl net.ipv4.tcp_fin_timeout; apply shop',
  ]);
  expect(sames(output)).toEqual(['same as first']);
  expect(output).toContain('stop nettune-shop.service');
  expect(output).toContain('take away /etc/nettune/shop/rules.sh');
  expect(output).toMatch(/^0\nnet.ipv4.tcp_fin_timeout = 60$/m);
  expect(output).toContain('nothing was changed');
});

test('a parameter that a plan has no more stays as somebody else has set it, and is named once', () => {
  const output = onMachine(shop('sysctl: { net.ipv4.tcp_fin_timeout: { value: 33 } }\n'), [
    'apply shop >/dev/null; sysctl -qw net.ipv4.tcp_fin_timeout=44; sed -i /tcp_fin_timeout/d out/shop/shell/plan',
    'apply shop; apply shop; sysctl net.ipv4.tcp_fin_timeout',
  ]);
  expect(output.match(/tcp_fin_timeout stays 44/g)).toHaveLength(1);
  expect(output).toMatch(/^net.ipv4.tcp_fin_timeout = 44$/m);
  expect(exitCodes(output)).toEqual([0, 0]);
});

test('without systemd, servers are restarted by `service`, and nothing is left untracked', () => {
  const service = '#!/bin/sh\\n[ "$2" = status ] || echo "$@" >> layer/calls; [ "$1" = apache2 ]';
  const folder = shop();
  renameSync(join(folder, 'out'), join(folder, 'tracked'));
  renameSync(join(untracked(), 'out'), join(folder, 'out'));
  const output = onMachine(folder, [
    `rm -r /run/systemd; mkdir bin; printf '${service}\\n' > bin/service; chmod +x bin/service; TEST_PATH=$PWD/bin:$TEST_PATH`,
    'snapshot before; apply shop; same before; rm -r out; mv tracked out',
    'apply shop; calls; apply shop; calls; verify shop; remove shop; calls; same before',
    'sed -i "s/^service .*/service apache2 false/" out/shop/shell/plan; apply shop; same before',
  ]);
  expect(output).toContain('systemd does not run here, and nothing else runs the guard');
  expect(exitCodes(output)).toEqual([2, 0, 0, 0, 0, 1]);
  expect(callsIn(output)).toEqual(['apache2 restart,', '', 'apache2 restart,']);
  expect(sames(output)).toEqual(['same as before', 'same as before', 'same as before']);
});

describe('without systemd and with init scripts, as on CentOS 5 and 6', () => {
  /** With the kernel of this machine, a `service` that runs init scripts, and an httpd that only says what it is told. */
  const old = (distribution: string) => standIn('shop', 'web-server\napache: { mpm: worker }', distribution);
  const SERVICE = '#!/bin/sh\\nexec /etc/rc.d/init.d/"$1" "$2"';
  const HTTPD =
    '#!/bin/bash\\n. /etc/sysconfig/httpd\\n[ "$1" = status ] || echo "httpd $1 below $(ulimit -n)" >> layer/calls';
  const INSTALLED = [
    'rm -r /run/systemd; mkdir -p bin /run/lock/subsys /etc/rc.d/init.d /etc/sysconfig/modules; mount --bind /bin/true /sbin/modprobe',
    `printf '${SERVICE}\\n' > bin/service; printf '${HTTPD}\\n' > /etc/rc.d/init.d/httpd; chmod +x bin/service /etc/rc.d/init.d/httpd`,
    'TEST_PATH=$PWD/bin:$TEST_PATH; echo HTTPD_LANG=C > /etc/sysconfig/httpd; echo IPTABLES_SAVE_COUNTER=no > /etc/sysconfig/iptables-config',
    'echo alias eth0 e1000 > /etc/modprobe.conf',
  ];

  it('applies, verifies and removes everything, and needs no hand', () => {
    const output = onMachine(old('centos-6'), [
      ...INSTALLED,
      'snapshot before; apply shop; calls; snapshot after; apply shop; same after; calls; verify shop',
      'rules | grep -c NOTRACK; ls /run/lock/subsys; cat /etc/sysconfig/httpd /etc/sysconfig/iptables-config /etc/modprobe.conf',
      'rm /run/lock/subsys/nettune-shop; sed -i /nettune/d /etc/sysconfig/httpd; verify shop; apply shop; same after; calls',
      'remove shop; calls; ls /run/lock/subsys; same before',
    ]);
    expect(exitCodes(output)).toEqual([0, 0, 0, 1, 0, 0]);
    expect(sames(output)).toEqual(['same as after', 'same as after', 'same as before']);
    expect(output).toContain('nettune shop: start nettune-shop\n');
    expect(output).toContain(
      'HTTPD_LANG=C\n[ ! -r /etc/sysconfig/nettune-shop.limits ] || . /etc/sysconfig/nettune-shop.limits\nIPTABLES_SAVE_COUNTER=no\n[ ! -r /etc/sysconfig/nettune-shop ] || . /etc/sysconfig/nettune-shop\nalias eth0 e1000\n',
    );
    expect(output).toContain('nettune shop: nettune-shop is not active\n');
    expect(output).toContain('nettune shop: /etc/sysconfig/httpd lacks the line: [ ! -r');
    expect(callsIn(output)).toEqual([
      'httpd restart below 8192,',
      '',
      'httpd restart below 8192,',
      expect.stringMatching(/^httpd restart below \d+,$/),
    ]);
  });

  it('puts back what was there when httpd does not come back', () => {
    const output = onMachine(old('centos-6'), [
      ...INSTALLED,
      'echo "[ ! -r /etc/sysctl.d/90-nettune-shop.conf ] || exit 1" >> /etc/sysconfig/httpd',
      'snapshot before; apply shop; ls /run/lock/subsys; same before',
    ]);
    expect(output).toContain('could not restart httpd\n');
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('adds the hash size to the modprobe.conf of CentOS 5', () => {
    const output = onMachine(old('centos-5'), [
      ...INSTALLED,
      'cp /etc/modprobe.conf before; apply shop --dry-run; mkdir -p image/var/lib; cp -r /etc image',
      'apply shop --root image >/dev/null; cat image/etc/modprobe.conf; remove shop --root image; cmp before image/etc/modprobe.conf && echo as before',
    ]);
    expect(output).toContain('would add to /etc/modprobe.conf the line: options ip_conntrack hashsize=');
    expect(output).toMatch(/^alias eth0 e1000\noptions ip_conntrack hashsize=\d+$/m);
    expect(output).toMatch(/^as before$/m);
  });
});

test('a server is restarted for what its own files say and its queue alone, and one that is stopped stays stopped', () => {
  const output = onMachine(untracked(), [
    'apply shop >/dev/null; calls',
    'sed -i \\$d /etc/nettune/shop/raw.rules; apply shop >/dev/null; calls',
    'echo KeepAlive Off >> /etc/apache2/conf-available/nettune-shop.conf; apply shop >/dev/null; calls',
    'echo "# a remark" | tee -a /etc/nettune/shop/raw.rules >> /etc/apache2/conf-available/nettune-shop.conf; apply shop; calls',
    'echo "# unproven: tried" >> /etc/nettune/shop/raw.rules; apply shop >/dev/null; calls',
    'rm /etc/apache2/conf-enabled/nettune-shop.conf; apply shop >/dev/null; calls',
    'sysctl -qw net.core.somaxconn=77; apply shop >/dev/null; calls',
    'sysctl -qw net.ipv4.tcp_keepalive_time=77; apply shop >/dev/null; calls',
    'rm layer/apache2; echo KeepAlive Off >> /etc/apache2/conf-available/nettune-shop.conf; apply shop >/dev/null; calls',
  ]);
  expect(callsIn(output)).toEqual([
    'daemon-reload,start nettune-shop.service,restart apache2,',
    'reload nettune-shop.service,',
    'restart apache2,',
    '',
    'reload nettune-shop.service,',
    'restart apache2,',
    'restart apache2,',
    '',
    '',
  ]);
  expect(output.match(/rewrite the comments of \S+$/gm)).toHaveLength(2);
});

describe('a line in a file of somebody else', () => {
  /** A Squid of Red Hat's, whose squid.conf includes nothing and is not for everybody to read. */
  const proxy = () => standIn('proxy', 'squid-proxy', 'rhel-9');
  const INCLUDE = 'include /etc/squid/nettune-proxy.conf';
  const SQUID =
    'mkdir -p /etc/squid; printf "http_port 3128\\ncache_mem 8 MB" > /etc/squid/squid.conf; chmod 640 /etc/squid/squid.conf; chgrp proxy /etc/squid/squid.conf; : > layer/squid';

  it.each(SHELLS)('is added once, is missed by verify.sh, and goes without a trace, in %s', (shell) => {
    const output = onMachine(
      proxy(),
      [
        `${SQUID}; snapshot before; apply proxy --dry-run; apply proxy; calls`,
        'tail -n 2 /etc/squid/squid.conf; ls -l /etc/squid/squid.conf; snapshot after; apply proxy; same after; calls',
        'verify proxy; sed -i /nettune/d /etc/squid/squid.conf; verify proxy; apply proxy; same after; calls',
        'remove proxy; calls; same before',
      ],
      shell,
    );
    expect(exitCodes(output)).toEqual([1, 0, 0, 0, 1, 0, 0]);
    expect(sames(output)).toEqual(['same as after', 'same as after', 'same as before']);
    expect(output).toContain(`would add to /etc/squid/squid.conf the line: ${INCLUDE}\n`);
    expect(output).toContain(`\ncache_mem 8 MB\n${INCLUDE}\n-rw-r----- 1 root proxy `);
    expect(output).toContain(`nettune proxy: /etc/squid/squid.conf lacks the line: ${INCLUDE}\n`);
    expect(output).toContain(`nettune proxy: take from /etc/squid/squid.conf the line: ${INCLUDE}\n`);
    expect(callsIn(output)).toEqual([
      'daemon-reload,start nettune-proxy.service,restart squid,',
      '',
      'restart squid,',
      'stop nettune-proxy.service,daemon-reload,restart squid,',
    ]);
  });

  it('goes from a file that somebody else has changed since, and what they wrote stays', () => {
    const output = onMachine(proxy(), [
      `${SQUID}; apply proxy >/dev/null; echo "cache_log none" >> /etc/squid/squid.conf; remove proxy; cat /etc/squid/squid.conf`,
    ]);
    expect(output).toMatch(/http_port 3128\ncache_mem 8 MB\ncache_log none\n$/);
  });

  it('that stood there before is not ours to take', () => {
    const output = onMachine(proxy(), [
      `${SQUID}; printf '\n${INCLUDE}\n' >> /etc/squid/squid.conf; snapshot before; apply proxy >/dev/null; remove proxy; same before`,
    ]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('is gone again when a later step fails', () => {
    const output = onMachine(proxy(), [`${SQUID}; : > layer/squid.broken; snapshot before; apply proxy; same before`]);
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('is replaced when the next plan has another one', () => {
    const output = onMachine(proxy(), [
      `${SQUID}; snapshot before; apply proxy >/dev/null; sed -i 's,^line .*,& /etc/squid/other.conf,' out/proxy/shell/plan`,
      'apply proxy >/dev/null; tail -n 2 /etc/squid/squid.conf; remove proxy; same before',
    ]);
    expect(output).toContain(`cache_mem 8 MB\n${INCLUDE} /etc/squid/other.conf\n`);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('is not put in place of a link, nor into a file that is not there', () => {
    const output = onMachine(proxy(), [
      `${SQUID}; mv /etc/squid/squid.conf elsewhere; ln -s $PWD/elsewhere /etc/squid/squid.conf; apply proxy; readlink /etc/squid/squid.conf`,
      'rm /etc/squid/squid.conf; apply proxy; ls /etc/squid/squid.conf; remove proxy',
    ]);
    expect(output).toContain('/etc/squid/squid.conf is a link: the line has to be added to the file behind it\n');
    expect(output).toMatch(/No such file/);
    expect(output).toContain('/etc/squid/squid.conf is missing, and with it a line that this plan needs there\n');
    expect(exitCodes(output)).toEqual([1, 1, 0]);
  });
});

describe("what keeps Red Hat 7's script of iptables from unloading the tracker", () => {
  /** Reads its configuration after its own default, as that script does. */
  const SCRIPT = `IPTABLES_MODULES_UNLOAD=yes; . /etc/sysconfig/iptables-config; echo "unloads: $IPTABLES_MODULES_UNLOAD"`;
  const STOCK = 'mkdir -p /etc/sysconfig; echo IPTABLES_MODULES_UNLOAD=\\"yes\\" > /etc/sysconfig/iptables-config';

  it('is a line in its configuration, which counts as the last one', () => {
    const output = onMachine(standIn('shop', 'web-server', 'rhel-7'), [
      `${STOCK}; ${SCRIPT}; snapshot before; apply shop; ${SCRIPT}; sed -i '$d' /etc/sysconfig/iptables-config; verify shop`,
      `apply shop >/dev/null; ${SCRIPT}; ls /etc/sysconfig; remove shop; same before`,
    ]);
    expect(output.match(/^unloads: .*$/gm)).toEqual(['unloads: yes', 'unloads: no', 'unloads: no']);
    expect(output).toContain('/etc/sysconfig/iptables-config lacks the line: IPTABLES_MODULES_UNLOAD=no\n');
    // Without its package there is nothing that unloads.
    expect(output).toMatch(/^iptables-config$/m);
    expect(output).not.toMatch(/ip6tables-config/);
    expect(exitCodes(output)).toEqual([0, 1, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

describe('verify.sh', () => {
  it('names whatever is not as planned, and nothing else', () => {
    const listener = 'import socket,time; s=socket.socket(); s.bind(("127.0.0.1",PORT)); s.listen(5); time.sleep(60)';
    const output = onMachine(untracked(), [
      'apply shop >/dev/null; ulimit -Sn 8192; cp "$(readlink -f /usr/bin/python3)" apache2; cp apache2 another',
      ...[80, 443, 81].map(
        (port) => `timeout 60 ./${port === 443 ? 'another' : 'apache2'} -c '${listener.replace('PORT', `${port}`)}' &`,
      ),
      'sleep 1; echo >> /etc/modprobe.d/nettune-shop.conf; chmod 600 /etc/udev/rules.d/90-nettune-shop.rules',
      'rm /etc/modules-load.d/nettune-shop.conf /etc/apache2/conf-enabled/nettune-shop.conf layer/nettune-shop',
      'echo 4096 > layer/hashsize; echo "options nf_conntrack hashsize=4096" > /etc/modprobe.d/other.conf',
      'verify shop; pkill -P $$ timeout',
    ]);
    expect(
      output
        .split('\n')
        .filter((line) => line.startsWith('nettune shop: '))
        .sort(),
    ).toEqual([
      expect.stringMatching(
        /^nettune shop: \/etc\/apache2\/conf-enabled\/nettune-shop.conf does not lead to ..\/conf-available\/nettune-shop.conf$/,
      ),
      'nettune shop: /etc/modprobe.d/nettune-shop.conf is not the file of this plan',
      'nettune shop: /etc/modules-load.d/nettune-shop.conf is missing',
      'nettune shop: /etc/udev/rules.d/90-nettune-shop.rules has another owner or other permissions than planned, or is a link',
      expect.stringMatching(
        /hashsize is 4096, planned: \d+; at boot it is set by: \/etc\/modprobe.d\/nettune-shop.conf \/etc\/modprobe.d\/other.conf $/,
      ),
      'nettune shop: nettune-shop.service is not active',
      expect.stringMatching(
        /^nettune shop: the listen queue on 127.0.0.1:80 is 5, planned: 8192; apache2 was not restarted/,
      ),
    ]);
    expect(exitCodes(output)).toEqual([1]);
  });

  it.each([
    ['a later file', 'etc/sysctl.d/95-x.conf', 'net.core.somaxconn = 77', '/etc/sysctl.d/95-x.conf line 1'],
    ['an earlier file does not win', 'etc/sysctl.d/10-x.conf', 'net.core.somaxconn = 77', ''],
    [
      'another folder',
      'run/sysctl.d/95-x.conf',
      '# a comment\nnet/core/somaxconn=77',
      '/run/sysctl.d/95-x.conf line 2',
    ],
    ['/etc/sysctl.conf, by its link', 'etc/sysctl.conf', '-net.core.somaxconn=77', '/etc/sysctl.conf line 1'],
    ['ufw', 'etc/ufw/sysctl.conf', 'net/core/somaxconn=77', '/etc/ufw/sysctl.conf line 1'],
    ['a pattern does not win over a name', 'etc/sysctl.d/95-x.conf', 'net.core.somax*=77', ''],
    [
      'another name of a parameter',
      'etc/sysctl.d/95-x.conf',
      'net.nf_conntrack_max = 77',
      '/etc/sysctl.d/95-x.conf line 1',
    ],
  ])('says who wins at boot over a value that is in effect: %s', (_, file, text, winner) => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir -p /run/sysctl.d /etc/ufw; echo ENABLED=yes > /etc/ufw/ufw.conf',
      `printf -- '${text.replaceAll('\n', '\\n')}\\n' > /${file}; verify shop`,
    ]);
    expect(exitCodes(output)).toEqual([winner ? 1 : 0]);
    if (winner) expect(output).toMatch(new RegExp(`is \\d+ as planned, but at boot ${winner} wins with 77\n`));
  });

  it('names a profile of tuned, also one that is included, and knows whether it wins', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir -p /etc/tuned/mine /etc/tuned/base /etc/tuned/idle; echo "mine  other" > /etc/tuned/active_profile',
      'printf "[main]\\ninclude = base,mine\\n[sysctl]\\nnet.core.somaxconn=77\\n" > /etc/tuned/mine/tuned.conf',
      'printf "[sysctl]\\nnet.ipv4.tcp_keepalive_time = 88\\nnet.core.somaxconn=99\\n" > /etc/tuned/base/tuned.conf',
      'cp /etc/tuned/base/tuned.conf /etc/tuned/idle; verify shop; sysctl -qw net.core.somaxconn=77 net.ipv4.tcp_keepalive_time=88',
      'verify shop; echo "reapply_sysctl = 0" > /etc/tuned/tuned-main.conf; verify shop',
    ]);
    const ours = '/etc/sysctl.d/90-nettune-shop.conf line ';
    expect(exitCodes(output)).toEqual([0, 1, 1]);
    expect(output).toContain(`set by /etc/tuned/mine/tuned.conf line 4; at boot ${ours}`);
    expect(output).toContain(`set by /etc/tuned/base/tuned.conf line 2; at boot ${ours}`);
    expect(output).toContain('set by /etc/tuned/mine/tuned.conf line 4, which wins at boot too\n');
    expect(output).toContain('set by /etc/tuned/base/tuned.conf line 2, which wins at boot too\n');
  });

  it('names what HAProxy takes its queue from instead', () => {
    const shop = renderProfiles({
      shop: `extends: web-server\nserver: haproxy\napache: null\n${hostOfThisMachine()}`,
    });
    const CONFIG = [
      'global # of ours',
      ' maxconn 4000',
      'defaults http',
      'maxconn 3000 #',
      '# maxconn 1',
      'backlog 8192',
      'frontend status',
      'maxconn 10',
      'backend',
      'fullconn 5',
    ].join('\\n');
    const output = onMachine(shop, [
      `apply shop >/dev/null; printf '${CONFIG}' > /etc/haproxy/haproxy.cfg; verify shop`,
      'mkdir image; cp -r /etc image; rm image/etc/sysctl.d/99-* image/etc/ufw/ufw.conf; verify shop --root image',
      'sed -i /maxconn/d /etc/haproxy/haproxy.cfg; verify shop',
    ]);
    const line = (number: number, section: string, value: number) =>
      `nettune shop: /etc/haproxy/haproxy.cfg line ${number}: in the section ${section}, maxconn is ${value}, planned: at least 8192`;
    const both = [line(2, 'global', 4000), line(4, 'defaults', 3000)];
    expect(output.match(/^.*haproxy\.cfg.*$/gm)).toEqual([...both, ...both]);
    expect(exitCodes(output)).toEqual([1, 1, 0]);
  });

  it.each([
    ['nginx', 'no listen directive of this address and port has this backlog'],
    ['haproxy', 'its frontend, or the sections defaults and global, have another maxconn or backlog'],
    ['squid', 'its number of descriptors is set elsewhere, of which the queue is a quarter'],
    ['apache2', 'ListenBacklog is set elsewhere'],
  ])('says of a short queue of %s what else decides it', (server, cause) => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir bin; printf "#!/bin/sh\\nprintf \'Send-Q Local\\\\n128 *:80\\\\n\'" > bin/ss; chmod +x bin/ss',
      `sed -i "s/^queue apache2/queue ${server}/" out/shop/shell/plan; TEST_PATH=$PWD/bin:$PATH; verify shop`,
    ]);
    expect(output).toContain(`*:80 is 128, planned: 1024; ${server} was not restarted since, or ${cause}\n`);
  });

  it('names a module that is not loaded, and none that is built in or has another name', () => {
    const MODPROBE =
      '#!/bin/sh\\ncase $2 in inside) echo builtin inside ;; away) echo insmod /lib/away.ko ;; former) echo insmod /lib/nf_conntrack.ko.xz hashsize=8 ;; esac';
    const output = onMachine(shop(), [
      `apply shop >/dev/null; mkdir bin; printf '${MODPROBE}\\n' > bin/modprobe; chmod +x bin/modprobe; TEST_PATH=$PWD/bin:$TEST_PATH`,
      'for module in inside former; do echo "module $module" >> out/shop/shell/plan; done; verify shop; apply shop; calls',
      'for module in away nonesuch; do echo "module $module" >> out/shop/shell/plan; done; verify shop',
    ]);
    expect(output.match(/module \w+ is not loaded$/gm)).toEqual([
      'module away is not loaded',
      'module nonesuch is not loaded',
    ]);
    expect(exitCodes(output)).toEqual([0, 0, 1]);
  });

  it('reads what an older ss prints, and does not take what its kernel cannot tell for a length', () => {
    const listing =
      'Recv-Q Send-Q  Local Address:Port  Peer Address:Port\\n0 128 *:80 *:*\\n0 0 :::443 :::*\\n0 5 *:8080 *:*\\n';
    const output = onMachine(shop(), [
      `apply shop >/dev/null; mkdir bin; printf '#!/bin/sh\\nprintf "${listing.replaceAll('\\', '\\\\')}"\\n' > bin/ss`,
      'chmod +x bin/ss; TEST_PATH=$PWD/bin:$PATH; verify shop',
    ]);
    expect(output.match(/listen queue on \S+ is \d+/g)).toEqual(['listen queue on *:80 is 128']);
  });

  it('knows that a file hides those of its name, that a pattern counts where no name does, and when nobody sets a value', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir -p /run/sysctl.d; ln -s /dev/null /etc/sysctl.d/95-x.conf',
      'echo net.core.somaxconn=77 > /run/sysctl.d/95-x.conf; verify shop',
      'rm /etc/sysctl.d/90-nettune-shop.conf; echo "net.core.som?xconn = 88" > /etc/sysctl.d/96-y.conf',
      'sysctl -qw net.core.somaxconn=99 net.ipv4.tcp_keepalive_time=99; verify shop',
      'rm -r /run/systemd; echo net.core.somaxconn=11 > /etc/sysctl.conf; verify shop; apply shop',
    ]);
    expect(exitCodes(output)).toEqual([0, 1, 1, 1]);
    expect(output).toContain(
      'net.core.somaxconn is 99, planned: 4096; no file says so: set by hand or by a program, or never set; at boot /etc/sysctl.d/96-y.conf line 1 wins with 88\n',
    );
    expect(output).toContain(
      'net.ipv4.tcp_keepalive_time is 99, planned: 1200; no file says so: set by hand or by a program, or never set; at boot no file sets it\n',
    );
    expect(output).toContain('at boot /etc/sysctl.conf line 1 wins with 11\n');
    expect(output).toContain(
      'net.core.somaxconn is 4096 as planned, but at boot /etc/sysctl.conf line 1 wins with 11\n',
    );
  });
});

describe('a change', () => {
  it('says who has set what was in effect, if that is a file of somebody else', () => {
    const output = onMachine(untracked(), [
      'echo net.core.somaxconn=77 > /etc/sysctl.d/10-theirs.conf; sysctl -qw net.core.somaxconn=77',
      'apply shop --dry-run; apply shop',
      'sed -i "s/^\\(value net.core.somaxconn\\) .*/\\1 99/" out/shop/shell/plan; apply shop; remove shop',
    ]);
    expect(output).toContain('would set net.core.somaxconn from 77 to 8192, which /etc/sysctl.d/10-theirs.conf line 1');
    expect(output).toContain(': set net.core.somaxconn from 77 to 8192, which /etc/sysctl.d/10-theirs.conf line 1 has');
    expect(output).toMatch(/would set net.ipv4.tcp_keepalive_time from \d+ to \d+$/m);
    expect(output).toMatch(/: set net.core.somaxconn from 8192 to 99$/m);
    expect(output).toMatch(/: set net.core.somaxconn from 99 to 77$/m);
  });
});

describe('a run that is to be confirmed', () => {
  it.each(SHELLS)('is put back in time without that, by a copy of the scripts, in %s', (shell) => {
    const output = onMachine(
      untracked(),
      [
        'cp -r out/shop out/gone; snapshot before; apply gone --confirm-within 12; rm -r out/gone; calls',
        'rules | grep -c "NT-PRE-shop .*--notrack"; sleep 14; same before; calls; apply shop --confirm',
      ],
      shell,
    );
    expect(output).toContain('in effect, and put back in 12 seconds unless apply.sh --confirm is called\n');
    expect(output).toMatch(/^4$/m);
    expect(exitCodes(output)).toEqual([3, 1]);
    expect(sames(output)).toEqual(['same as before']);
    expect(callsIn(output)[1]).toBe('stop nettune-shop.service,daemon-reload,restart apache2,');
    expect(output).toContain('nothing waits for confirmation');
  });

  it.each(SHELLS)('stays once it is confirmed, in %s', (shell) => {
    const output = onMachine(
      untracked(),
      [
        'snapshot before; apply shop --confirm-within 15; apply shop --confirm; snapshot after; sleep 15; same after',
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
      'remove shop; same waiting; cp out/shop/shell/plan plan; echo >> out/shop/shell/plan; apply shop --confirm',
      'mv plan out/shop/shell/plan; same waiting; apply shop --put-back; same before; apply shop --put-back',
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
      'snapshot before; TEST_PATH=$PWD:$TEST_PATH; apply shop --confirm-within 5; cat armed; sleep 8; same before',
    ]);
    expect(output).toMatch(
      /^--on-active=5 --timer-property=AccuracySec=1s sh -c [^$]* sh \/var\/lib\/nettune\/shop\/undo\/scripts\.\w+\/apply.sh --put-back$/m,
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
      'snapshot before; flock /var/lib sleep 4 & sleep 0.5; apply shop; remove shop; apply shop --dry-run; wait; same before',
    ]);
    expect(exitCodes(output)).toEqual([2, 2, 1]);
    expect(output.match(/nothing was changed: another run is going on/g)).toHaveLength(2);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('a timer waits for the run that armed it', () => {
    const slow =
      'printf "#!/bin/sh\\nsleep 4\\n" > slow; chmod +x slow; sed -i "s,^service .*,service apache2 $PWD/slow," out/shop/shell/plan';
    const output = onMachine(untracked(), [
      `${slow}; snapshot before; apply shop --confirm-within 1; until_same before; apply shop`,
    ]);
    expect(exitCodes(output)).toEqual([3, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('a timer has nothing to do when its run was confirmed while it waited for another', () => {
    const output = onMachine(untracked(), [
      'apply shop --confirm-within 60 >/dev/null; snapshot waiting; cd /var/lib/nettune/shop/undo; flock /var/lib sleep 3 & sleep 0.5',
      'for scripts in scripts.*; do dash $scripts/apply.sh --put-back & done; sleep 1; mv $scripts scripts.later; wait',
      'mv scripts.later $scripts; cd - >/dev/null; same waiting; apply shop --put-back',
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

describe('a host on which something is in the way', () => {
  it('is left as it is when sshd listens on a port that is to be untracked', () => {
    const listener = 'import socket,time; s=socket.socket(); s.bind(("127.0.0.1",80)); s.listen(5); time.sleep(20)';
    const output = onMachine(untracked(), [
      'cp "$(readlink -f /usr/bin/python3)" sshd; snapshot before',
      `timeout 20 ./sshd -c '${listener}' & sleep 1; apply shop; same before; kill $!; wait; apply shop`,
    ]);
    expect(output).toContain('sshd listens on port 80, which is to be left untracked\n');
    expect(exitCodes(output)).toEqual([2, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it.each([
    ['applied', 'apply gate >/dev/null', 'remove gate >/dev/null', ''],
    ['copied by other means', 'cp -r out/gate/etc/. /etc', 'rm /etc/sysctl.d/*gate* /etc/modprobe.d/*gate*', ''],
    [
      'applied to an image',
      'apply gate --root image >/dev/null',
      'remove gate --root image >/dev/null',
      '--root image',
    ],
  ])('is left as it is when another profile was %s', (_, come, go, root) => {
    const folder = renderProfiles({
      shop: `extends: web-server\n${hostOfThisMachine()}`,
      gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}`,
    });
    const output = onMachine(folder, [
      `mkdir -p image/etc image/var/lib; cp /etc/os-release image/etc; ${come}; snapshot before; apply shop ${root}; same before`,
      `${go}; apply shop ${root}`,
    ]);
    expect(output).toContain('profile gate is on this host: it has to be removed first, by its own remove.sh\n');
    expect(exitCodes(output)).toEqual([2, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

test('--root writes into an image, and leaves the running system alone', () => {
  const output = onMachine(shop(), [
    'mkdir -p image/etc/modprobe.d image/var/lib; cp /etc/os-release image/etc; echo mine > image/etc/modprobe.d/nettune-shop.conf',
    'sed -i "s/^module .*/module nonesuch/" out/shop/shell/plan; echo "value net.ipv4.ip_forward 1" >> out/shop/shell/plan',
    'find image -type f -exec md5sum {} + > before',
    'snapshot before; calls',
    'apply shop --root image --dry-run; apply shop --root image; apply shop --root image; verify shop --root image',
    'for file in $(cd out/shop && find etc -type f); do cmp out/shop/$file image/$file; done; same before; calls',
    'find image/var/lib/nettune -name values -o -name after',
    'rm image/etc/modules-load.d/nettune-shop.conf; verify shop --root image; apply shop --root image >/dev/null',
    'remove shop --root image; find image -type f -exec md5sum {} + | cmp - before && echo empty again; ls image/etc',
    'sed -i s/12/11/ image/etc/os-release; apply shop --root image',
  ]);
  expect(exitCodes(output)).toEqual([1, 0, 0, 0, 1, 0, 2]);
  expect(output).toContain('takes effect at the next boot');
  expect(output).toContain('empty again\nmodprobe.d\nos-release\n');
  expect(output).not.toMatch(/differ:|^image/m);
  expect(sames(output)).toEqual(['same as before']);
  expect(output.match(/^calls: .*$/gm)).toEqual(['calls: ', 'calls: ']);
});

describe('an image', () => {
  const IMAGE =
    'mkdir -p image/usr/lib/systemd image/etc/sysctl.d; cp /etc/os-release image/etc; : > image/usr/lib/systemd/systemd';

  it.each(SHELLS)('has files of its own that win at boot, which are named, in %s', (shell) => {
    const output = onMachine(
      untracked(),
      [
        `${IMAGE}; ln -s usr/lib image/lib; mkdir -p image/usr/lib/sysctl.d`,
        // Neither is the file of the image, which has none of these names.
        'for file in sysctl.conf sysctl.d/99-z.conf; do echo net.core.somaxconn=55 > /etc/$file; done',
        'echo net.core.somaxconn = 66 > image/usr/lib/sysctl.d/99-z.conf; apply shop --root image; verify shop --root image',
        'echo net.core.somaxconn = 77 > image/etc/sysctl.conf; ln -s ../sysctl.conf image/etc/sysctl.d/99-z.conf; verify shop --root image',
        'ln -sf /etc/sysctl.conf image/etc/sysctl.d/99-z.conf; apply shop --root image',
        'ln -sf 99-z.conf image/etc/sysctl.d/99-z.conf; verify shop --root image',
        'ln -sf /dev/null image/etc/sysctl.d/99-z.conf; verify shop --root image',
        'rm image/usr/lib/systemd/systemd; verify shop --root image',
      ],
      shell,
    );
    const wins = (place: string, value: number) =>
      `nettune shop: net.core.somaxconn is 8192 as planned, but at boot ${place} line 1 wins with ${value}`;
    expect(output.match(/^.* wins with .*$/gm)).toEqual([
      wins('/usr/lib/sysctl.d/99-z.conf', 66),
      wins('/usr/lib/sysctl.d/99-z.conf', 66),
      wins('/etc/sysctl.conf', 77),
      wins('/etc/sysctl.conf', 77),
      // Without systemd the boot reads it last.
      wins('/etc/sysctl.conf', 77),
    ]);
    expect(exitCodes(output)).toEqual([1, 1, 1, 1, 0, 0, 1]);
  });

  it.each(['etc/sysctl.d', 'etc/systemd', 'var'])('whose %s is a link to the host is not written to', (folder) => {
    const output = onMachine(shop(), [
      `${IMAGE}; mkdir -p image/etc/systemd image/var; rm -r image/${folder}; ln -s /${folder} image/${folder}; snapshot before`,
      'apply shop --root image; remove shop --root image; same before',
    ]);
    expect(exitCodes(output)).toEqual([2, 2]);
    expect(output.match(/nothing was changed: \/.* leads out of .*\/image$/gm)).toHaveLength(2);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('that is not there is named by the script, not by the shell', () => {
    const output = onMachine(shop(), ['verify shop --root nonesuch; apply shop --root "$PWD/functions"']);
    expect(output).toMatch(
      /^nettune shop: there is no folder nonesuch\nexit code 2\nnettune shop: there is no folder \/.*functions\nexit code 2\n$/,
    );
  });

  it('without Squid is said to lack the line that includes our file', () => {
    const output = onMachine(standIn('proxy', 'squid-proxy', 'rhel-9'), [
      `${IMAGE}; apply proxy --root image; mkdir image/etc/squid; : > image/etc/squid/squid.conf; apply proxy --root image`,
    ]);
    expect(output).toContain('/etc/squid/squid.conf is missing, and with it a line that this plan needs there\n');
    expect(exitCodes(output)).toEqual([1, 0]);
  });
});

test('a hostile profile, and a hostile host, are only ever shown', () => {
  const text = '$(touch pwned) `touch pwned`; touch pwned #\\\n"\'\n touch pwned \u001b[31m';
  const folder = renderProfiles({
    shop: `extends: web-server\n${hostOfThisMachine()}summary: ${JSON.stringify(text)}
sysctl: { net.core.rmem_default: { value: "212992", because: ${JSON.stringify(text)} } }\n`.replaceAll(
      '\\u001b',
      '\\e',
    ),
  });
  writeFileSync(join(folder, 'evil.conf'), 'net.core.somaxconn = $(touch pwned)\u001b[31m\n');
  const output = onMachine(folder, [
    'apply shop >/dev/null; cp evil.conf "/etc/sysctl.d/99-\\$(touch pwned) \\e=x.conf"; verify shop; remove shop >/dev/null; ls',
  ]);
  expect(output).toContain('99-$(touch pwned) \\e=x.conf line 1 wins with $(touch pwned)?[31m');
  expect(output).not.toContain('\u001b');
  expect(existsSync(join(folder, 'pwned'))).toBe(false);
});
