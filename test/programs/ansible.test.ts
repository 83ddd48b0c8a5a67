import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { nettune } from '../support/cli.ts';
import { hostOfThisMachine, MACHINE, onMachine, renderProfiles } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { FEW, TRACKED } from '../support/shop.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

requirePrograms({
  unshare: 'util-linux',
  apache2: 'apache2',
  iptables: 'iptables',
  'ansible-playbook': 'ansible-core',
  'ansible-lint': 'ansible-lint',
  shellcheck: 'shellcheck',
});

const ROLES = ['web-server', 'squid-proxy', 'nat-gateway'];

const INVENTORY = 'localhost ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n';

/** A text that runs a program where Ansible evaluates it, and ends comments and strings where a YAML parser reads it. */
const HOSTILE = (mark: string) =>
  `{{ lookup('pipe', 'touch ${mark}') }}\n- hosts: all\n{% raw %} {# " ' # \u001b[31m !unsafe -->`;

/** What it writes into a home folder goes into `cwd`. */
function run(cwd: string, [program = '', ...args]: readonly string[]) {
  const env = { ...process.env, HOME: cwd, ANSIBLE_NOCOLOR: '1', NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 280_000 });
  return { status, output: stdout + stderr };
}

/** Whether ansible-lint finds something in the strictest of its profiles. */
const lint = (folder: string, ...paths: string[]) =>
  run(folder, ['ansible-lint', '--nocolor', '--profile', 'production', '--offline', ...paths]);

const PASSED = /Passed with production profile: 0 failure\(s\), 0 warning\(s\) on \d\d+ files/;

/** A folder with these profiles rendered below `out`, and an inventory in which this machine is a host of each. */
function render(profiles: Readonly<Record<string, string>>): string {
  const folder = renderProfiles(profiles);
  const groups = Object.keys(profiles).map((name) => `[${name.replaceAll('-', '_')}]\n${INVENTORY}`);
  writeFileSync(join(folder, 'inventory'), groups.join(''));
  return folder;
}

const roleOf = (folder: string, name: string) =>
  join(folder, 'out', name, 'roles', `nettune_${name.replaceAll('-', '_')}`);

/** The shipped profiles as they are, and on the other family of distributions. */
const EVERY_PROFILE = Object.fromEntries(
  ROLES.flatMap((role) => [
    [role, `extends: ${role}\n`],
    [`el-${role}`, `extends: ${role}\nhost: { distribution: rhel-9 }\n`],
  ]),
);

describe('the role of every shipped profile, on both families of distributions', () => {
  it('has nothing that ansible-lint or Ansible object to', () => {
    const folder = render(EVERY_PROFILE);
    const playbooks = Object.keys(EVERY_PROFILE).map((name) => `out/${name}/playbook.yml`);
    const roles = Object.keys(EVERY_PROFILE).map((name) => roleOf(folder, name));
    expect(lint(folder, ...playbooks, ...roles).output).toMatch(PASSED);
    for (const playbook of playbooks)
      expect(run(folder, ['ansible-playbook', '-i', 'inventory', '--syntax-check', playbook])).toEqual({
        status: 0,
        output: `\nplaybook: ${playbook}\n`,
      });
  });

  it('has a platform that ansible-lint knows, on every distribution', () => {
    const rows = DISTRIBUTIONS.filter(
      ({ platform }, index) =>
        DISTRIBUTIONS.findIndex((other) => isDeepStrictEqual(other.platform, platform)) === index,
    );
    const profiles = Object.fromEntries(
      rows.map(({ id }) => [id.replace('.', '-'), `extends: nat-gateway\nhost: { distribution: ${id} }\n`]),
    );
    const folder = render(profiles);
    const roles = Object.keys(profiles).map((name) => roleOf(folder, name));
    expect(lint(folder, ...roles).output).toMatch(PASSED);
  });

  it('is found wanting when it is: this test would see it', () => {
    const folder = render({ shop: 'extends: web-server\n' });
    const tasks = join(roleOf(folder, 'shop'), 'tasks/main.yml');
    writeFileSync(tasks, readFileSync(tasks, 'utf8').replace('mode: preserve', 'mode: 0644'));
    const { status, output } = lint(folder, 'out');
    expect(output).toContain('octal-values');
    expect(status).not.toBe(0);
  });

  it('has no copy of what it takes to a host, but the script that unpacks it there', () => {
    const folder = render(EVERY_PROFILE);
    for (const name of Object.keys(EVERY_PROFILE)) {
      const { 'unpack.sh': unpack, ...others } = readTree(join(roleOf(folder, name), 'files'));
      expect(others).toEqual({});
      const check = spawnSync('shellcheck', ['--shell', 'sh', '-'], { input: `${unpack}\nunpack\nrun "$@"\n` });
      expect(check.stdout.toString()).toBe('');
    }
  });
});

/** Without packet rules, each of which costs every run a proof. */
const tracked = () => render({ shop: `extends: web-server\n${FEW}${TRACKED}` });
const shop = (more = '') => render({ shop: `extends: web-server\n${hostOfThisMachine()}${more}` });

/** Runs commands on what looks like a machine of its own; `play NAME` plays the playbook of a profile. */
function sandboxed(folder: string, ...commands: string[]): string {
  const prepare = [
    'export HOME=$PWD ANSIBLE_NOCOLOR=1 NO_COLOR=1',
    // This machine is its own host: no new connection can be made to it.
    'play() { played=$1; shift; ansible-playbook -i inventory -e nettune_"$played"_confirm_within=0 "$@" out/$played/playbook.yml; }',
  ];
  return onMachine(folder, [...prepare, ...commands]);
}

/** What each run of a playbook says at its end. */
const recaps = (output: string) =>
  [...output.matchAll(/^localhost +: ok=(\d+) +changed=(\d+) .*failed=(\d+)/gm)].map(([, ok, changed, failed]) => ({
    ok: Number(ok),
    changed: Number(changed),
    failed: Number(failed),
  }));

const sames = (output: string) => output.match(/^same as \w+$/gm) ?? [];
const callsIn = (output: string) => [...output.matchAll(/^calls: (.*)$/gm)].map(([, calls]) => calls);

describe('before its first change', () => {
  it('names everything in which the host is not what was planned for, and leaves it as it is', () => {
    const other = MACHINE === 'x86_64' ? 'aarch64' : 'x86_64';
    const host = `{ distribution: rhel-9, kernel: "9.0", memory: 64TiB, architecture: ${other} }`;
    const folder = render({ elsewhere: `extends: web-server\nhost: ${host}\n` });
    const output = sandboxed(
      folder,
      'iptables -t nat -A PREROUTING -p tcp -m multiport --dports 22,440:450 -j REDIRECT --to-ports 3128',
      'snapshot before; play elsewhere --diff; same before; ls -d /tmp/nettune-elsewhere.*',
    );
    expect(output).toContain('"nothing was changed: this host is not what was planned for"');
    expect(output).toContain('"family: Debian, planned for RedHat"');
    expect(output).toContain('"major version: 12, planned for 9"');
    expect(output).toContain(`"architecture: ${MACHINE}, planned for ${other}"`);
    expect(output).toMatch(/"kernel: \d\S+, planned for 9\.0 or newer"/);
    expect(output).toMatch(/"memory: \d+ MiB, planned for 67108864 MiB, of which 50331648 must be there"/);
    expect(output).toMatch(/"IPv4: .*a rule of yours translates it.*--dports 22,440:450/);
    expect(recaps(output)).toMatchObject([{ changed: 0, failed: 1 }]);
    expect(sames(output)).toEqual(['same as before']);
    expect(output).toContain('No such file');
  });

  it.each([
    ['nettune_shop_apply=perhaps', "The value 'perhaps' is not a valid boolean"],
    ['nettune_shop_state=gone', 'value of nettune_shop_state must be one of: present, absent, got: gone'],
    ['nettune_shop_confirm_within=soon', 'cannot be converted to an int'],
  ])('refuses a choice of the wrong type: %s', (choice, says) => {
    const output = sandboxed(shop(), `snapshot before; play shop -e ${choice}; same before`);
    expect(output).toContain(says);
    expect(recaps(output)).toMatchObject([{ changed: 0, failed: 1 }]);
    expect(sames(output)).toEqual(['same as before']);
  });
});

describe('on a host as planned', { timeout: 300_000 }, () => {
  it('in check mode names everything that it would do, shows it with --diff, and does none of it', () => {
    const output = sandboxed(
      shop(),
      'snapshot before; play shop --check; play shop --check --diff; same before; calls',
    );
    const [named = '', shown = ''] = output.split(/(?=^PLAY \[)/m).slice(1);
    expect(named).toContain('"would write /etc/sysctl.d/90-nettune-shop.conf",\n');
    expect(named).toContain('"would set net.core.somaxconn from 4096 to 8192",\n');
    expect(named).toContain('"would start nettune-shop.service"');
    expect(named).not.toContain('net.core.somaxconn = 8192');
    expect(shown).toMatch(/^\+net\.core\.somaxconn = 8192$/m);
    // Into folders that are not there yet.
    expect(shown).toMatch(/^\+\*raw$/m);
    expect(recaps(output)).toMatchObject([{ changed: 1, failed: 0 }, { failed: 0 }]);
    expect(sames(output)).toEqual(['same as before']);
    expect(callsIn(output)).toEqual(['']);
  });

  it('puts everything into effect, has nothing to do the second time, sees what somebody changed since, and goes without a trace', () => {
    const output = sandboxed(
      shop(),
      'snapshot before; play shop; calls; snapshot after; play shop; same after; calls; verify shop',
      'sysctl -qw net.ipv4.tcp_keepalive_time=77; play shop --check; play shop; same after; calls',
      'play shop --diff --check -e nettune_shop_state=absent; same after; play shop -e nettune_shop_state=absent; calls; same before',
      'play shop -e nettune_shop_state=absent; same before; ls -d /tmp/nettune-shop.* /run/nettune-shop*',
    );
    expect(output).toContain('"set net.core.somaxconn from 4096 to 8192",\n');
    expect(output).toContain('"everything is in effect"\n');
    expect(output).toContain('"would set net.ipv4.tcp_keepalive_time from 77 to 1200"\n');
    expect(output).toContain('"would remove /etc/nettune/shop/raw.rules",\n');
    expect(output).toContain('-    "state": "file"\n+    "state": "absent"\n');
    expect(output).toContain('"everything is gone"\n');
    expect(sames(output)).toEqual(['after', 'after', 'after', 'before', 'before'].map((name) => `same as ${name}`));
    expect(callsIn(output)).toEqual([
      'daemon-reload,start nettune-shop.service,restart apache2,',
      '',
      '',
      'stop nettune-shop.service,daemon-reload,restart apache2,',
    ]);
    expect(recaps(output).map(({ changed }) => changed > 0)).toEqual([true, false, true, true, true, true, false]);
    expect(recaps(output).map(({ failed }) => failed)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    // The check of its variables, what is brought to the host, and the run.
    expect(recaps(output)[1]).toEqual({ ok: 3, changed: 0, failed: 0 });
    expect(output).toContain("cannot access '/tmp/nettune-shop.*'");
    expect(output).toContain("cannot access '/run/nettune-shop*'");
  });

  it('fails with what is not in effect although nothing is left to do, and who set it', () => {
    const output = sandboxed(
      shop(),
      'play shop >/dev/null; echo net.core.somaxconn=77 > /etc/sysctl.d/99-other.conf; play shop',
      'rm /etc/sysctl.d/99-other.conf; play shop',
    );
    expect(output).toContain(
      '"net.core.somaxconn is 8192 as planned, but at boot /etc/sysctl.d/99-other.conf line 1 wins with 77"',
    );
    expect(recaps(output)).toMatchObject([
      { changed: 0, failed: 1 },
      { changed: 0, failed: 0 },
    ]);
  });

  it('puts back what fails half-way, and names the cause', () => {
    const output = sandboxed(shop(), ': > layer/apache2.broken; snapshot before; play shop; same before');
    expect(output).toContain('"could not restart apache2"');
    expect(output).toContain('"everything is as it was"');
    expect(recaps(output)).toMatchObject([{ failed: 1 }]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('when it is to go, names what stays because somebody else has changed it', () => {
    const output = sandboxed(
      shop(),
      'play shop >/dev/null; sysctl -qw net.ipv4.tcp_keepalive_time=77; echo theirs > /etc/modules-load.d/nettune-shop.conf',
      'play shop -e nettune_shop_state=absent; sysctl net.ipv4.tcp_keepalive_time; cat /etc/modules-load.d/nettune-shop.conf',
    );
    expect(output).toContain('"/etc/modules-load.d/nettune-shop.conf stays: somebody else has written it since",\n');
    expect(output).toContain('"net.ipv4.tcp_keepalive_time stays 77, which somebody else has set since: ours was 1200');
    expect(output).toMatch(/^net.ipv4.tcp_keepalive_time = 77\ntheirs$/m);
    expect(recaps(output)).toMatchObject([{ failed: 0 }]);
  });

  it('does the same as a role of a collection, which stands alone', () => {
    const folder = shop();
    nettune(['render', 'profiles', '-o', 'out', '--collection', 'acme.tuning:1.0.0'], { cwd: folder });
    const output = sandboxed(
      folder,
      'mkdir alone; mv out/ansible_collections alone; rm -r out; export ANSIBLE_COLLECTIONS_PATH=$PWD/alone; snapshot before',
      'play() { ansible-playbook -i inventory -e nettune_shop_confirm_within=0 acme.tuning.shop "$@"; }',
      'play; snapshot after; play --check --diff; same after; play -e nettune_shop_state=absent; same before',
    );
    expect(output).toContain('"everything is in effect"\n');
    expect(recaps(output)).toMatchObject([{ changed: 1 }, { changed: 0, failed: 0 }, { changed: 1 }]);
    expect(sames(output)).toEqual(['same as after', 'same as before']);
  });

  it('only writes files when it is told so, or takes them away, and leaves what runs alone', () => {
    const only = '-e nettune_shop_apply=false';
    const output = sandboxed(
      shop(),
      'snapshot before; sysctl net 2>/dev/null | grep -v _count > values',
      `(export ANSIBLE_JINJA2_NATIVE=1; play shop ${only}); sysctl net 2>/dev/null | grep -v _count | diff values - && echo untouched; calls; rules | grep NT-`,
      'for file in $(cd out/shop && find etc -type f); do cmp out/shop/$file /$file || echo is another; done',
      `play shop ${only}; play shop ${only} -e nettune_shop_state=absent; calls; rm values; same before`,
    );
    expect(output).toContain('"everything is written, and takes effect at the next boot"\n');
    expect(output).toMatch(/^untouched$/m);
    expect(output).not.toMatch(/is another|NT-PRE/);
    expect(recaps(output).map(({ changed }) => changed)).toEqual([1, 0, 1]);
    expect(callsIn(output)).toEqual(['', '']);
    expect(sames(output)).toEqual(['same as before']);
  });
});

// A gateway has no packet rules: what might cut off somebody is its forwarding.
describe('a change that might cut off somebody', () => {
  it('is refused where no new connection can confirm it, until that is chosen; nothing else is', () => {
    const folder = render({
      gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}`,
    });
    const output = sandboxed(
      folder,
      'snapshot before; play gate -e nettune_gate_confirm_within=60; same before; play gate; ls /var/lib/nettune/gate',
      'sysctl -qw net.netfilter.nf_conntrack_icmp_timeout=77; play gate -e nettune_gate_confirm_within=60',
    );
    expect(output).toContain('nobody would confirm it over a new connection. To apply them without confirmation');
    expect(sames(output)).toEqual(['same as before']);
    expect(output).toMatch(/^before\nplan$/m);
    expect(output).not.toContain('Close the connection');
    expect(recaps(output)).toMatchObject([
      { changed: 0, failed: 1 },
      { changed: 1, failed: 0 },
      { changed: 1, failed: 0 },
    ]);
  });
});

describe('a server that needs a restart', { timeout: 300_000 }, () => {
  it('waits when restarts are deferred, is named in every run, and gets it by a later run', () => {
    const deferred = '-e nettune_shop_restarts=defer';
    const output = sandboxed(
      tracked(),
      `play shop ${deferred}; calls; play shop ${deferred}; calls; play shop; calls; play shop`,
    );
    expect(output).toContain('"leave apache2 running: it waits for a restart"');
    const waits =
      '"apache2 waits for a restart: nettune-host apply --restart does it",\n        "everything else is in effect"';
    expect(output.split(waits)).toHaveLength(3);
    expect(callsIn(output)).toEqual(['daemon-reload,', '', 'restart apache2,']);
    expect(recaps(output)).toMatchObject([{ changed: 1 }, { changed: 0 }, { changed: 1 }, { changed: 0, failed: 0 }]);
  });

  it('gets it by the handler that a task of the play notifies', () => {
    const folder = tracked();
    const notifying =
      '  post_tasks:\n    - ansible.builtin.command: "true"\n      notify: nettune_shop restarts\n      changed_when: true\n';
    const playbook = join(folder, 'out/shop/playbook.yml');
    writeFileSync(playbook, readFileSync(playbook, 'utf8') + notifying);
    const output = sandboxed(folder, 'play shop -e nettune_shop_restarts=defer; calls; verify shop');
    expect(output).toContain('RUNNING HANDLER [nettune_shop : Restart the servers that wait for it]');
    expect(callsIn(output)).toEqual(['daemon-reload,restart apache2,']);
    expect(output).toContain('nettune shop: everything is in effect');
  });
});

describe('what a run says', () => {
  it('is all of it under tags of the play, and short when nothing changed, as AWX keeps it', () => {
    const folder = tracked();
    const playbook = join(folder, 'out/shop/playbook.yml');
    writeFileSync(playbook, `${readFileSync(playbook, 'utf8').trimEnd()}\n      tags: [network]\n`);
    const output = sandboxed(
      folder,
      'play shop --tags network -vvv | tail -3; play shop --tags network; (export ANSIBLE_STDOUT_CALLBACK=json; play shop -v) > events; wc -c < events',
    );
    expect(recaps(output)).toMatchObject([
      { changed: 1, failed: 0 },
      { changed: 0, failed: 0 },
    ]);
    expect(Number(output.trim().split('\n').at(-1))).toBeLessThan(10_000);
  });
});

describe('a hostile profile, on a hostile host', () => {
  it('passes every test and runs, and nothing that they say is evaluated', () => {
    const mark = join(temporaryFolder(), 'pwned');
    const text = JSON.stringify(HOSTILE(mark).replaceAll('\u001b', '\\u001b')).replaceAll('\\\\u001b', '\\u001b');
    const folder = render({
      evil: `extends: web-server\n${FEW}${TRACKED}summary: ${text}\nsysctl: { net.ipv4.tcp_fin_timeout: { value: 33, because: ${text} } }\n`,
    });
    const role = roleOf(folder, 'evil');
    expect(readTree(join(folder, 'out/evil'))['etc/sysctl.d/90-nettune-evil.conf']).toContain(`touch ${mark}`);
    expect(lint(folder, 'out/evil/playbook.yml', role).status).toBe(0);
    const evil = `{{ lookup("pipe", "touch ${mark}") }}`;
    writeFileSync(join(folder, '99.conf'), `net.core.somaxconn = ${evil}\n`);
    const output = sandboxed(
      folder,
      'play evil --diff --check; play evil; cmp out/evil/etc/sysctl.d/90-nettune-evil.conf /etc/sysctl.d/90-nettune-evil.conf',
      'cp 99.conf /etc/sysctl.d; play evil; rm /etc/sysctl.d/99.conf',
      'echo net.core.somaxconn = 77 > "/etc/sysctl.d/50-{{ 6*7 }}.conf"; sysctl -qw net.core.somaxconn=77; play evil',
    );
    expect(output).toContain(`line 1 wins with ${JSON.stringify(evil).slice(1, -1)}"`);
    expect(output).toContain('which /etc/sysctl.d/50-{{ 6*7 }}.conf line 1 has set"');
    expect(recaps(output)).toMatchObject([{ failed: 0 }, { failed: 0 }, { failed: 1 }, { changed: 1, failed: 0 }]);
    expect(existsSync(mark)).toBe(false);
  });
});
