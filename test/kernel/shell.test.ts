import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import {
  callsIn,
  exitCodes,
  hostOfThisMachine,
  MACHINE,
  onMachine,
  renderProfiles,
  sames,
} from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { FEW, gate, shop, standIn, TRACKED, untracked } from '../support/shop.ts';

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

/** A profile of its own for another host. */
const shopOn = (host: string) => renderProfiles({ shop: `extends: web-server\nhost: { memory: 4GiB, ${host} }\n` });

describe.each(inCi(SHELLS, 'busybox sh'))('run by %s', (shell) => {
  it('the program applies a plan once, see what differs, and leave everything as it was before', () => {
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

describe('before its first change, apply', () => {
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
      `edit shop 's/^kernel .*/kernel ${planned}/'`,
      `mkdir bin; printf '${uname}\\n' > bin/uname; chmod +x bin/uname; TEST_PATH=$PWD/bin:$PATH; apply shop --dry-run`,
    ]);
    expect(exitCodes(output)).toEqual([fits ? 1 : 2]);
    expect(output.includes(`kernel: ${release}, planned for ${planned} or newer`)).toBe(!fits);
  });

  it('finds its parts when it is called through a link', () => {
    const output = onMachine(shop(), [
      'ln -s "$PWD/out/nettune-host" linked; dash ./linked apply --dry-run out/shop; echo "exit code $?"',
    ]);
    expect(output).toContain('would restart apache2');
    expect(exitCodes(output)).toEqual([1]);
  });

  it('asks httpd for its MPM, and verify names another one than was planned', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir bin; printf "#!/bin/sh\\necho Server MPM:     Prefork\\n" > bin/apachectl; chmod +x bin/apachectl',
      'snapshot after; verify shop; TEST_PATH=$PWD/bin:$TEST_PATH; verify shop; apply shop; same after; verify shop --root image',
      'mkdir -p image/usr/local/lib image/usr/sbin; cp -r /etc image; cp -r /usr/local/lib/nettune image/usr/local/lib; cp -P /usr/sbin/nettune-host image/usr/sbin; rm image/etc/sysctl.d/99-*; verify shop --root image',
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

describe('remove', () => {
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
    "find out/shop -depth -name '*bare*' | while read -r path; do mv $path $(echo $path | sed 's/bare\\([^/]*\\)$/shop\\1/'); done; edit shop",
    'apply first >/dev/null; ls /etc/nettune; snapshot first',
    ': > layer/apache2.broken; echo KeepAlive Off >> out/shop/etc/apache2/conf-available/nettune-shop.conf; edit shop; apply shop; until_same first',
    'apply shop; ls /etc/nettune; rules | grep -c NT-; sysctl net.ipv4.tcp_fin_timeout; apply shop',
  ]);
  expect(sames(output)).toEqual(['same as first']);
  expect(output).toContain('stop nettune-shop.service');
  expect(output).toContain('remove /etc/nettune/shop/raw.rules');
  expect(output).toMatch(/^0\nnet.ipv4.tcp_fin_timeout = 60$/m);
  expect(output).toContain('nothing was changed');
});

test('a parameter that a plan has no more stays as somebody else has set it, and is named once', () => {
  const output = onMachine(shop('sysctl: { net.ipv4.tcp_fin_timeout: { value: 33 } }\n'), [
    'apply shop >/dev/null; sysctl -qw net.ipv4.tcp_fin_timeout=44; edit shop /tcp_fin_timeout/d',
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
    'tested_by false; apply shop; same before',
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
  const output = onMachine(shop(), [
    'apply shop >/dev/null; calls',
    'echo KeepAlive Off >> /etc/apache2/conf-available/nettune-shop.conf; apply shop >/dev/null; calls',
    'echo "# a remark" >> /etc/apache2/conf-available/nettune-shop.conf; apply shop; calls',
    'rm /etc/apache2/conf-enabled/nettune-shop.conf; apply shop >/dev/null; calls',
    'sysctl -qw net.core.somaxconn=77; apply shop >/dev/null; calls',
    'sysctl -qw net.ipv4.tcp_keepalive_time=77; apply shop >/dev/null; calls',
    'rm layer/apache2; echo KeepAlive Off >> /etc/apache2/conf-available/nettune-shop.conf; apply shop >/dev/null; calls',
  ]);
  expect(callsIn(output)).toEqual([
    'daemon-reload,restart apache2,',
    'restart apache2,',
    '',
    'restart apache2,',
    'restart apache2,',
    '',
    '',
  ]);
  expect(output.match(/rewrite the comments of \S+$/gm)).toHaveLength(1);
});

test('packet rules are loaded again for what they say, and for no other comment than that they may be unproven', () => {
  const output = onMachine(untracked(), [
    'apply shop >/dev/null; calls',
    'sed -i \\$d /etc/nettune/shop/raw.rules; apply shop >/dev/null; calls',
    'echo "# a remark" >> /etc/nettune/shop/raw.rules; apply shop; calls',
    'echo "# unproven: tried" >> /etc/nettune/shop/raw.rules; apply shop >/dev/null; calls',
  ]);
  expect(callsIn(output)).toEqual([
    'daemon-reload,start nettune-shop.service,restart apache2,',
    'reload nettune-shop.service,',
    '',
    'reload nettune-shop.service,',
  ]);
  expect(output.match(/rewrite the comments of \S+$/gm)).toHaveLength(1);
});

describe('a line in a file of somebody else', () => {
  /** A Squid of Red Hat's, whose squid.conf includes nothing and is not for everybody to read. */
  const proxy = () => standIn('proxy', 'squid-proxy', 'rhel-9', TRACKED);
  const INCLUDE = 'include /etc/squid/nettune-proxy.conf';
  const SQUID =
    'mkdir -p /etc/squid; printf "http_port 3128\\ncache_mem 8 MB" > /etc/squid/squid.conf; chmod 640 /etc/squid/squid.conf; chgrp proxy /etc/squid/squid.conf; : > layer/squid';

  it.each(inCi(SHELLS, 'dash'))('is added once, is missed by verify, and goes without a trace, in %s', (shell) => {
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
    expect(output).toContain(`nettune proxy: remove from /etc/squid/squid.conf the line: ${INCLUDE}\n`);
    expect(callsIn(output)).toEqual([
      'daemon-reload,restart squid,',
      '',
      'restart squid,',
      'daemon-reload,restart squid,',
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
      `${SQUID}; snapshot before; apply proxy >/dev/null; edit proxy 's,^line .*,& /etc/squid/other.conf,'`,
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

describe('a change', () => {
  it('says who has set what was in effect, if that is a file of somebody else', () => {
    const output = onMachine(untracked(), [
      'echo net.core.somaxconn=77 > /etc/sysctl.d/10-theirs.conf; sysctl -qw net.core.somaxconn=77',
      'apply shop --dry-run; apply shop',
      'sed -i "s/^net.core.somaxconn = .*/net.core.somaxconn = 99/" out/shop/etc/sysctl.d/90-nettune-shop.conf',
      'edit shop "s/^\\(value net.core.somaxconn\\) .*/\\1 99/"; apply shop; remove shop',
    ]);
    expect(output).toContain('would set net.core.somaxconn from 77 to 8192, which /etc/sysctl.d/10-theirs.conf line 1');
    expect(output).toContain(': set net.core.somaxconn from 77 to 8192, which /etc/sysctl.d/10-theirs.conf line 1 has');
    expect(output).toMatch(/would set net.ipv4.tcp_keepalive_time from \d+ to \d+$/m);
    expect(output).toMatch(/: set net.core.somaxconn from 8192 to 99$/m);
    expect(output).toMatch(/: set net.core.somaxconn from 99 to 77$/m);
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

  it('is left as it is when systemd holds that port for sshd, and takes no process of a user for sshd', () => {
    const listener = 'import socket,time; s=socket.socket(); s.bind(("127.0.0.1",80)); s.listen(5); time.sleep(60)';
    const output = onMachine(untracked(), [
      'cp "$(readlink -f /usr/bin/python3)" /run/sshd; chmod 755 /run/sshd',
      `sysctl -qw net.ipv4.ip_unprivileged_port_start=80; setpriv --reuid 65534 --clear-groups /run/sshd -c '${listener}' &`,
      'until ss -ltn | grep -q :80; do sleep 0.1; done; apply shop --dry-run; : > layer/ssh.socket; apply shop',
    ]);
    expect(output).toContain('sshd listens on port 80, which is to be left untracked\n');
    expect(exitCodes(output)).toEqual([1, 2]);
  });

  it.each([
    ['applied', 'apply gate >/dev/null', 'remove gate >/dev/null', '', / remove \/var\/lib\/nettune\/gate$/m],
    [
      'copied by other means',
      'cp -r out/gate/etc/. /etc',
      'rm /etc/sysctl.d/*gate* /etc/modprobe.d/*gate*',
      '',
      / remove FOLDER, with the folder that nettune has written for it$/m,
    ],
    [
      'applied to an image',
      'apply gate --root image >/dev/null',
      'remove gate --root image >/dev/null',
      '--root image',
      / remove --root (\S+\/image) \1\/var\/lib\/nettune\/gate$/m,
    ],
  ])('is left as it is when another profile was %s', (_, come, go, root, way) => {
    const folder = renderProfiles({
      shop: `extends: web-server\n${hostOfThisMachine()}`,
      gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}`,
    });
    const output = onMachine(folder, [
      `mkdir -p image/etc image/var/lib; cp /etc/os-release image/etc; ${come}; snapshot before; apply shop ${root}; same before`,
      `${go}; apply shop ${root}`,
    ]);
    expect(output).toContain('profile gate is on this host. Remove it first: nettune-host remove ');
    expect(output).toMatch(way);
    expect(exitCodes(output)).toEqual([2, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

test('--root writes into an image, and leaves the running system alone', () => {
  const output = onMachine(shop(), [
    'mkdir -p image/etc/modprobe.d image/var/lib; cp /etc/os-release image/etc; echo mine > image/etc/modprobe.d/nettune-shop.conf',
    'edit shop "s/^module .*/module nonesuch/"; edit shop "\\$avalue net.ipv4.ip_forward 1"',
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
