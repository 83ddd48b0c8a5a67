import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { exitCodes, hostOfThisMachine, onMachine, renderProfiles, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { FEW, shop, standIn, TRACKED, untracked } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  ss: 'iproute2',
});

describe('verify', () => {
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

  it('is refused by apply where others would win at boot, which a dry run foretells, unless that is accepted', () => {
    const output = onMachine(shop(), [
      'echo net.ipv4.tcp_keepalive_time = 7000 > /etc/sysctl.d/95-hardening.conf; echo net.core.somaxconn = 128 > /etc/sysctl.d/10-before.conf',
      'mkdir -p /etc/systemd/system/apache2.service.d; printf "[Service]\\nLimitNOFILE=1024:2048\\n" > /etc/systemd/system/apache2.service.d/override.conf',
      'printf "<IfModule !mpm_event_module>\\nListenBacklog 7\\n</IfModule>\\nMaxClients 9\\n" > /etc/apache2/conf-enabled/a.conf',
      'printf "<IfModule mpm_prefork_module>\\n<IfDefine X>\\nMaxRequestWorkers 8\\n</IfDefine>\\n</IfModule>\\nmaxrequestworkers 150\\n" > /etc/apache2/conf-enabled/zz.conf',
      'snapshot before; apply shop --dry-run; apply shop; same before; apply shop --overruled accept; apply shop; verify shop',
      'rm /etc/apache2/conf-enabled/zz.conf; remove shop >/dev/null; apply shop --dry-run',
    ]);
    const reasons = [
      'at boot /etc/apache2/conf-enabled/zz.conf line 6 wins with MaxRequestWorkers 150, planned: ',
      'net.ipv4.tcp_keepalive_time would be 1200 as planned, but at boot /etc/sysctl.d/95-hardening.conf line 1 wins with 7000',
      'at boot /etc/systemd/system/apache2.service.d/override.conf line 2 wins with LimitNOFILE = 1024, planned: 8192',
    ];
    for (const reason of reasons) expect(output.split(`nettune shop: ${reason}`).length).toBeGreaterThanOrEqual(3);
    expect(output).toMatch(/Apache's ListenBacklog: its own default now, planned: \d+\n/);
    expect(output).toMatch(
      /Apache's MaxRequestWorkers: 150 now \(\/etc\/apache2\/conf-enabled\/zz.conf line 6\), planned: \d+\n/,
    );
    expect(output).toMatch(
      /Apache's MaxRequestWorkers: 9 now \(\/etc\/apache2\/conf-enabled\/a.conf line 4\), planned: \d+\n/,
    );
    expect(output).toContain('this would be refused: the next boot would undo a part of this');
    expect(output).toContain('nothing was changed: the next boot would undo a part of this');
    expect(output).not.toContain('10-before');
    expect(output).toMatch(/set net.ipv4.tcp_keepalive_time from 7200 to 1200[\s\S]*everything else is in effect/);
    expect(exitCodes(output)).toEqual([1, 2, 0, 1, 1, 1]);
    expect(sames(output)).toEqual(['same as before']);
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
    const proxy = renderProfiles({
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
    const output = onMachine(proxy, [
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
      `edit shop "s/^queue apache2/queue ${server}/"; TEST_PATH=$PWD/bin:$PATH; verify shop`,
    ]);
    expect(output).toContain(`*:80 is 128, planned: 1024; ${server} was not restarted since, or ${cause}\n`);
  });

  it('names a module that is not loaded, and none that is built in or has another name', () => {
    const MODPROBE =
      '#!/bin/sh\\ncase $2 in inside) echo builtin inside ;; away) echo insmod /lib/away.ko ;; former) echo insmod /lib/nf_conntrack.ko.xz hashsize=8 ;; esac';
    const output = onMachine(shop(), [
      `apply shop >/dev/null; mkdir bin; printf '${MODPROBE}\\n' > bin/modprobe; chmod +x bin/modprobe; TEST_PATH=$PWD/bin:$TEST_PATH`,
      'for module in inside former; do edit shop "\\$amodule $module"; done; verify shop; apply shop; calls',
      'for module in away nonesuch; do edit shop "\\$amodule $module"; done; verify shop',
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
      'rm -r /run/systemd; echo net.core.somaxconn=11 > /etc/sysctl.conf; verify shop; apply shop --overruled accept',
    ]);
    expect(exitCodes(output)).toEqual([0, 1, 1, 0]);
    expect(output).toContain(
      'net.core.somaxconn is 99, planned: 4096; no sysctl file sets this (set by hand, or never); at boot /etc/sysctl.d/96-y.conf line 1 wins with 88\n',
    );
    expect(output).toContain(
      'net.ipv4.tcp_keepalive_time is 99, planned: 1200; no sysctl file sets this (set by hand, or never); at boot no file sets it\n',
    );
    expect(output).toContain('at boot /etc/sysctl.conf line 1 wins with 11\n');
    expect(output).toContain(
      'net.core.somaxconn is 4096 as planned, but at boot /etc/sysctl.conf line 1 wins with 11\n',
    );
  });
});

describe('an image', () => {
  const IMAGE =
    'mkdir -p image/usr/lib/systemd image/etc/sysctl.d; cp /etc/os-release image/etc; : > image/usr/lib/systemd/systemd';

  it.each(inCi(SHELLS, 'bash --posix'))('has files of its own that win at boot, which are named, in %s', (shell) => {
    const output = onMachine(
      untracked(),
      [
        `${IMAGE}; ln -s usr/lib image/lib; mkdir -p image/usr/lib/sysctl.d`,
        // Neither is the file of the image, which has none of these names.
        'for file in sysctl.conf sysctl.d/99-z.conf; do echo net.core.somaxconn=55 > /etc/$file; done',
        'echo net.core.somaxconn = 66 > image/usr/lib/sysctl.d/99-z.conf; apply shop --root image --overruled accept; verify shop --root image',
        'echo net.core.somaxconn = 77 > image/etc/sysctl.conf; ln -s ../sysctl.conf image/etc/sysctl.d/99-z.conf; verify shop --root image',
        'ln -sf /etc/sysctl.conf image/etc/sysctl.d/99-z.conf; apply shop --root image --overruled accept',
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
    expect(exitCodes(output)).toEqual([0, 1, 1, 0, 0, 0, 1]);
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

  it('is known by its own files, also behind links that begin at its root', () => {
    const output = onMachine(shop(), [
      `${IMAGE}; mv image/etc/os-release image/usr/lib; sed -i 's/^VERSION_ID=.*/VERSION_ID="11"/' image/usr/lib/os-release`,
      'ln -s /usr/lib/os-release image/etc/os-release; apply shop --root image',
    ]);
    expect(output).toContain('major version: 11, planned for 12\n');
  });

  it('with pipes where files belong keeps nobody waiting', () => {
    const output = onMachine(shop(), [
      `${IMAGE}; mkdir -p image/etc/iptables image/etc/tuned; mkfifo image/etc/sysctl.d/99-z.conf image/etc/iptables/rules.v4`,
      'mkfifo image/etc/tuned/active_profile; apply shop --root image; verify shop --root image',
      'rm image/etc/sysctl.d/90-nettune-shop.conf; mkfifo image/etc/sysctl.d/90-nettune-shop.conf; verify shop --root image',
      'remove shop --root image; apply shop --root image',
    ]);
    expect(output).toContain('/etc/sysctl.d/90-nettune-shop.conf is not the file of this plan\n');
    expect(output).toContain('/etc/sysctl.d/90-nettune-shop.conf stays: somebody else has written it since\n');
    expect(output).toContain('/etc/sysctl.d/90-nettune-shop.conf is neither a file nor a link\n');
    expect(exitCodes(output)).toEqual([0, 0, 1, 1, 1]);
  });

  it('that is not there is named by the program, not by the shell', () => {
    const output = onMachine(shop(), ['verify shop --root nonesuch; apply shop --root "$PWD/functions"']);
    expect(output).toMatch(
      /^nettune: there is no folder nonesuch\nexit code 2\nnettune: there is no folder \/.*functions\nexit code 2\n$/,
    );
  });

  it('without Squid is said to lack the line that includes our file', () => {
    const output = onMachine(standIn('proxy', 'squid-proxy', 'rhel-9', TRACKED), [
      `${IMAGE}; apply proxy --root image; mkdir image/etc/squid; : > image/etc/squid/squid.conf; apply proxy --root image`,
    ]);
    expect(output).toContain('/etc/squid/squid.conf is missing, and with it a line that this plan needs there\n');
    expect(exitCodes(output)).toEqual([1, 0]);
  });
});

test('a hostile profile, and a hostile host, are only ever shown', () => {
  const text = '$(touch pwned) `touch pwned`; touch pwned #\\\n"\'\n touch pwned \u001b[31m';
  const folder = renderProfiles({
    shop: `extends: web-server\n${FEW}${TRACKED}summary: ${JSON.stringify(text)}
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
