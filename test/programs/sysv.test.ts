import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listLinks } from '../../src/deploy/enabling-links.ts';
import { listForeignLines } from '../../src/deploy/foreign-lines.ts';
import { hostProgram } from '../../src/render-artifacts.ts';
import { compileBytes } from '../support/compile-profile.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { writeTree } from '../support/tree.ts';

requirePrograms({
  unshare: 'util-linux',
  shellcheck: 'shellcheck',
  iptables: 'iptables',
  sysctl: 'procps',
  dash: 'dash',
});

const SCRIPT = 'etc/rc.d/init.d/nettune-shop';

function compileOld(distribution: string, role: string) {
  const text = `name: shop\nextends: ${role}\nhost: { distribution: ${distribution} }\n`;
  const { compiled } = compileBytes(new TextEncoder().encode(text));
  if (!compiled[0]) throw new Error('the profile is not valid');
  return compiled[0];
}

const filesOf = (distribution: string, role: string): Record<string, string> =>
  Object.fromEntries(
    compileOld(distribution, role)
      .artifacts()
      .map(({ path, content }) => [path.replace('shop/', ''), content]),
  );

describe.each(['centos-5', 'centos-6'])('%s', (distribution) => {
  it.each(['web-server', 'nat-gateway'])('%s: has scripts in which shellcheck finds nothing', (role) => {
    const scripts = Object.entries(filesOf(distribution, role)).filter(([, content]) =>
      content.startsWith('#!/bin/sh'),
    );
    expect(scripts.map(([path]) => path)).toContain(SCRIPT);
    for (const [path, content] of scripts)
      expect(spawnSync('shellcheck', ['--shell', 'dash', '-'], { input: content, encoding: 'utf8' }).stdout, path).toBe(
        '',
      );
  });

  it('is started after iptables and before the network, and stopped before iptables', () => {
    const { plan, artifacts } = compileOld(distribution, 'web-server');
    const carried = artifacts().map((artifact) => ({ ...artifact, path: artifact.path.replace('shop/', '') }));
    const links = listLinks(plan, carried).filter(({ path }) => path.includes('/rc'));
    expect(links.map(({ path }) => path)).toEqual(
      ['rc0.d/K91', 'rc1.d/K91', 'rc2.d/S09', 'rc3.d/S09', 'rc4.d/S09', 'rc5.d/S09', 'rc6.d/K91'].map(
        (place) => `etc/rc.d/${place}nettune-shop`,
      ),
    );
    expect(links[0]?.to).toBe('../init.d/nettune-shop');
  });

  it.each(['bash', 'bash --posix'])('has a limit below which %s starts a server', (shell) => {
    const limit = filesOf(distribution, 'squid-proxy')['etc/sysconfig/nettune-shop.limits'] ?? '';
    const { plan } = compileOld(distribution, 'squid-proxy');
    expect(limit).toContain(
      `\nulimit -n ${plan.decisions.find(({ parameter }) => parameter === 'LimitNOFILE')?.value}\n`,
    );
    // What root may do at boot, this machine may not allow.
    const script = `${limit.replace(/\d+$/m, '500')}\nsh -c 'ulimit -Sn; ulimit -Hn'`;
    const { stdout } = spawnSync('sh', ['-c', `exec ${shell} -euc "$1"`, 'sh', script], { encoding: 'utf8' });
    expect(stdout).toBe('500\n500\n');
    expect(listForeignLines(plan).map(({ path }) => path)).toContain('etc/sysconfig/squid');
  });
});

/**
 * Runs the init script for real, in a network and a file system of its own. Modules and hash size belong to the machine:
 * modprobe and sysctl are replaced by what writes down how it was called, and the file of the hash size by another one.
 */
describe('the init script', () => {
  function play(shell: string, commands: string): string {
    const folder = temporaryFolder({
      record: '#!/bin/sh\necho "$(basename "$0") $*" >>/run/calls\n',
      hashsize: '512\n',
      'nettune-host': hostProgram.content,
    });
    writeTree(join(folder, 'host'), filesOf('centos-6', 'web-server'));
    const script = `
      mkdir layer; mount -t tmpfs none layer; mkdir layer/upper layer/work
      mount -t overlay none -o lowerdir=/etc,upperdir=layer/upper,workdir=layer/work /etc
      mkdir -p layer/nettune; mount --bind layer/nettune /usr/local/lib; mkdir /usr/local/lib/nettune
      cp nettune-host /usr/local/lib/nettune/
      mount -t tmpfs none /run; mkdir -p /run/lock/subsys
      chmod +x record
      for program in modprobe sysctl; do mount --bind record "/sbin/$program"; done
      iptables -A INPUT -m state --state NEW && iptables -F # loads the module, if it is one
      mount --bind hashsize /sys/module/nf_conntrack/parameters/hashsize
      cp -r host/etc/. /etc/
      ip link set lo up
      nettune() { code=0; ${shell} /${SCRIPT} "$@" 2>&1 || code=$?; echo "\${1-}: $code"; }
      ${commands}`;
    const { stdout, stderr } = spawnSync('unshare', ['--mount', '--net', 'sh', '-euc', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout;
  }

  it.each(['dash', 'bash --posix'])('puts everything into effect and takes its rules away again, in %s', (shell) => {
    const output = play(
      shell,
      `      nettune status; nettune start; cat /run/calls hashsize; nettune status
      iptables-save -t raw | grep -c NOTRACK; nettune reload; nettune stop; iptables-save -t raw | grep -c NT- || :
      nettune status; nettune`,
    );
    expect(output).toBe(`nettune-shop has not been started
status: 3
start: 0
modprobe nf_conntrack
modprobe nf_conntrack_ipv4
sysctl -p /etc/sysctl.d/90-nettune-shop.conf
131072
nettune-shop is in effect
status: 0
4
reload: 0
stop: 0
0
nettune-shop has not been started
status: 3
usage: /${SCRIPT} start|stop|restart|reload|status
: 2
`);
  });

  /** Reads its configuration first and flushes what there is, as the scripts of iptables do; `save` is one of their other tasks. */
  const IPTABLES = `#!/bin/sh
[ ! -f /etc/sysconfig/iptables-config ] || . /etc/sysconfig/iptables-config
[ "$1" = save ] && exit 0
for table in raw filter; do iptables -t $table -F; iptables -t $table -X; done
[ "$1" = stop ] || echo "$IPTABLES_MODULES_UNLOAD" >/run/unload
exit 7
`;

  it.each(['dash', 'bash --posix'])(
    'puts its rules back after a restart of iptables, unless it was stopped, in %s',
    (shell) => {
      const line = listForeignLines(compileOld('centos-6', 'web-server').plan).find(({ path }) =>
        path.includes('iptables-config'),
      )?.line;
      const output = play(
        shell,
        `cat >script <<'END'
${IPTABLES}END
      echo '${line}' >/etc/sysconfig/iptables-config; chmod +x /${SCRIPT}
      iptables() { code=0; ${shell} ./script "$@" 2>&1 || code=$?; echo "iptables $1: $code, $(iptables-save -t raw | grep -c NOTRACK)"; }
      iptables restart; nettune start; iptables restart; cat /run/unload; iptables save; iptables stop; iptables start
      nettune stop; iptables restart; rm /etc/sysconfig/nettune-shop; iptables restart`,
      );
      expect(output).toBe(`iptables restart: 7, 0
start: 0
iptables restart: 7, 4
no
iptables save: 0, 4
iptables stop: 7, 0
iptables start: 7, 4
stop: 0
iptables restart: 7, 0
iptables restart: 7, 0
`);
    },
  );
});
