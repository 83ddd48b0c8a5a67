import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { compile } from '../../src/pipeline.ts';
import { formatValue } from '../../src/values/format-value.ts';
import type { Plan } from '../../src/values/plan.ts';
import { nettune } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

const ROLES = ['web-server', 'squid-proxy', 'nat-gateway'];

const INVENTORY = 'localhost ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n';

/** A text that runs a program where Ansible evaluates it, and ends comments and strings where a YAML parser reads it. */
const HOSTILE = (mark: string) =>
  `{{ lookup('pipe', 'touch ${mark}') }}\n- hosts: all\n{% raw %} {# " ' # \u001b[31m !unsafe -->`;

/** Runs a program that this layer cannot do without; what it writes into a home folder goes into `cwd`. */
function run(cwd: string, [program = '', ...args]: readonly string[]) {
  const env = {
    ...process.env,
    HOME: cwd,
    ANSIBLE_NOCOLOR: '1',
    NO_COLOR: '1',
  };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 280_000 });
  if (error) throw new Error(`${program} cannot be run (Debian: ansible, ansible-lint, util-linux): ${error.message}`);
  return { status, output: stdout + stderr };
}

/** A folder with these profiles rendered below `out`, and an inventory in which this machine is a host of each. */
function render(profiles: Readonly<Record<string, string>>): string {
  const names = Object.keys(profiles);
  const groups = names.map((name) => `[${name.replaceAll('-', '_')}]\n${INVENTORY}`).join('');
  const files = names.map((name) => [`profiles/${name}.yaml`, `name: ${name}\n${profiles[name]}`]);
  const folder = temporaryFolder({ ...Object.fromEntries(files), inventory: groups });
  const { code, stderr } = nettune(['render', 'profiles', '-o', 'out'], { cwd: folder });
  expect(`${code} ${stderr.replace(/^.*warning(.|\n)*$/m, '')}`.trim()).toBe('0');
  return folder;
}

const roleOf = (folder: string, name: string) =>
  join(folder, 'out', name, 'ansible/roles', `nettune_${name.replaceAll('-', '_')}`);

/** The shipped profiles as they are, and on the other family of distributions. */
const EVERY_PROFILE = Object.fromEntries(
  ROLES.flatMap((role) => [
    [role, `extends: ${role}\n`],
    [`el-${role}`, `extends: ${role}\nhost: { distribution: rhel-9 }\n`],
  ]),
);

/** Does what it is told with /etc and the network of nobody else: this machine keeps its files and its parameters. */
const SANDBOX = [
  'unshare',
  '--mount',
  '--net',
  'sh',
  '-euc',
  'mkdir layer; mount -t tmpfs none layer; mkdir layer/upper layer/work; ' +
    'mount -t overlay none -o lowerdir=/etc,upperdir=layer/upper,workdir=layer/work /etc; ip link set lo up; exec sh -uc "$1"',
  'sh',
];

describe('the role of every shipped profile, on both families of distributions', () => {
  it('has nothing that ansible-lint or Ansible object to', () => {
    const folder = render(EVERY_PROFILE);
    const playbooks = Object.keys(EVERY_PROFILE).map((name) => `out/${name}/ansible/playbook.yml`);
    const roles = Object.keys(EVERY_PROFILE).map((name) => roleOf(folder, name));
    const lint = run(folder, [
      'ansible-lint',
      '--nocolor',
      '--profile',
      'production',
      '--offline',
      ...playbooks,
      ...roles,
    ]);
    expect(lint.output).toMatch(/Passed with production profile: 0 failure\(s\), 0 warning\(s\) on \d\d+ files/);
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
    const lint = run(folder, ['ansible-lint', '--nocolor', '--profile', 'production', '--offline', ...roles]);
    expect(lint.output).toMatch(/Passed with production profile: 0 failure\(s\), 0 warning\(s\) on \d\d+ files/);
  });

  it('is found wanting when it is: this test would see it', () => {
    const folder = render({ shop: 'extends: web-server\n' });
    const tasks = join(roleOf(folder, 'shop'), 'tasks/files.yml');
    writeFileSync(tasks, readFileSync(tasks, 'utf8').replace('mode: "0755"', 'mode: 0755'));
    const { status, output } = run(folder, [
      'ansible-lint',
      '--nocolor',
      '--profile',
      'production',
      '--offline',
      'out',
    ]);
    expect(output).toContain('octal-values');
    expect(status).not.toBe(0);
  });

  it('carries every artifact, and only those', () => {
    const folder = render(EVERY_PROFILE);
    for (const name of Object.keys(EVERY_PROFILE))
      expect(readTree(join(roleOf(folder, name), 'files/etc'))).toEqual(readTree(join(folder, 'out', name, 'etc')));
  });

  it.each(Object.keys(EVERY_PROFILE))('%s: has the plan in its variables', (name) => {
    const folder = render({ [name]: EVERY_PROFILE[name] ?? '' });
    const variables = readVariables(folder, name);
    const plan = planOf(`name: ${name}\n${EVERY_PROFILE[name]}`);
    const prefix = `nettune_${name.replaceAll('-', '_')}_`;
    const { distribution, kernel, architecture, memoryBytes } = plan.host;
    const sysctl = plan.decisions.filter(({ parameter }) => parameter.startsWith('net.'));
    expect(variables).toMatchObject({
      [`${prefix}host`]: {
        distributions: distribution.facts.distributions,
        major_version: distribution.facts.majorVersion,
        kernel: `${kernel[0]}.${kernel[1]}`,
        architecture: architecture.name,
        memory_mib: memoryBytes / 2 ** 20,
      },
      [`${prefix}files`]: filesBelow(join(folder, 'out', name)),
      [`${prefix}sysctl`]: Object.fromEntries(sysctl.map(({ parameter, value }) => [parameter, formatValue(value)])),
    });
    expect(variables[`${prefix}module_options`]).toEqual({
      '/sys/module/nf_conntrack/parameters/hashsize':
        variables[`${prefix}sysctl`]['net.netfilter.nf_conntrack_buckets'],
    });
  });
});

function planOf(text: string): Plan {
  const source = {
    name: 'profile.yaml',
    identity: '/profile.yaml',
    isNamed: true,
    bytes: new TextEncoder().encode(text),
  };
  const [compiled] = compile([source], () => ({ fault: 'is not there', remedy: '' })).compiled;
  if (!compiled) throw new Error(`this profile has no plan:\n${text}`);
  return compiled.plan;
}

/** Paths and modes of a rendered profile's artifacts for the host, as the role's variables list them. */
function filesBelow(folder: string) {
  return Object.entries(readTree(join(folder, 'etc'))).map(([path, content]) => ({
    path: `etc/${path}`,
    mode: content.startsWith('(executable)\n') ? '0755' : '0644',
  }));
}

function readVariables(folder: string, name: string) {
  const variables = parse(readFileSync(join(roleOf(folder, name), 'vars/main.yml'), 'utf8'));
  const files: { path: string }[] = variables[`nettune_${name.replaceAll('-', '_')}_files`];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return variables;
}

/** A profile that fits the machine of the test, whose table has the size it has: a network namespace cannot change that. */
const fitting = (maximum = readNumber('/proc/sys/net/netfilter/nf_conntrack_max')) => `extends: web-server
host: { distribution: debian-12, memory: ${Math.floor(totalmem() / 2 ** 30)}GiB, architecture: ${MACHINE} }
conntrack: { maximum: ${maximum}, buckets: ${readNumber('/sys/module/nf_conntrack/parameters/hashsize')} }
`;

const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

function readNumber(path: string): number {
  if (!existsSync(path)) throw new Error(`${path} is missing: load the module nf_conntrack, for these tests must not`);
  return Number(readFileSync(path, 'utf8'));
}

const play = (name: string, ...options: string[]) =>
  ['ansible-playbook -i inventory', ...options, `out/${name}/ansible/playbook.yml`].join(' ');

/** Runs commands in the sandbox, which needs root. */
function sandboxed(folder: string, ...commands: string[]): string {
  writeFileSync(join(folder, 'systemctl'), systemctl(folder), { mode: 0o755 });
  writeFileSync(join(folder, 'comm'), 'systemd\n');
  const pretend = [
    'mount --bind systemctl /usr/bin/systemctl; mount --bind comm /proc/1/comm; mount -t tmpfs none /run',
    'mkdir -p /run/systemd/system /run/lock; : > running; : > calls',
  ];
  return run(folder, [...SANDBOX, [...pretend, ...commands].join('\n')]).output;
}

/** What each run of a playbook says at its end. */
const recaps = (output: string) =>
  [...output.matchAll(/^localhost +: .*changed=(\d+) .*failed=(\d+)/gm)].map(([, changed, failed]) => ({
    changed: Number(changed),
    failed: Number(failed),
  }));

describe('before its first change', () => {
  it('names everything in which the host is not what was planned for, and leaves it as it is', () => {
    const other = MACHINE === 'x86_64' ? 'aarch64' : 'x86_64';
    const host = `{ distribution: rhel-9, kernel: "9.0", memory: 64TiB, architecture: ${other} }`;
    const folder = render({ elsewhere: `extends: web-server\nhost: ${host}\n` });
    const rules = ['-p tcp --dport 8080', '-p tcp -m multiport --dports 22,440:450', '-p udp --dport 80'];
    const output = sandboxed(
      folder,
      ...rules.map((rule) => `iptables -t nat -A PREROUTING ${rule} -j REDIRECT --to-ports 3128`),
      play('elsewhere'),
      'find /etc -name "*nettune*"',
    );
    expect(output).toContain('Nothing was changed: this host is not what profile elsewhere was planned for.');
    expect(output).toContain('family: Debian, planned for RedHat');
    expect(output).toContain('distribution: Debian, planned for RedHat');
    expect(output).toContain('major version: 12, planned for 9');
    expect(output).toContain(`architecture: ${MACHINE}, planned for ${other}`);
    expect(output).toMatch(/kernel: \d+\.\d+, planned for 9\.0 or newer/);
    expect(output).toMatch(/memory: \d+ MiB, planned for 67108864 MiB/);
    expect(output).toMatch(/packet rules: a rule translates a served port[^"]*--dports 22,440:450/);
    expect(output).not.toMatch(/dport 8080|-p udp|\/etc\/.*nettune/);
    expect(recaps(output)).toEqual([{ changed: 0, failed: 1 }]);
  });

  it('takes any host of the family for a distribution that was unknown when it was planned', () => {
    const host = `{ distribution: mint-99, family: debian, kernel: "4.20", memory: 8GiB, architecture: ${MACHINE} }`;
    const folder = render({ relative: `extends: nat-gateway\nhost: ${host}\n` });
    expect(recaps(sandboxed(folder, play('relative', '--check', '-e', 'nettune_relative_apply=false')))).toMatchObject([
      { failed: 0 },
    ]);
  });

  it('refuses a choice of the wrong type', () => {
    const folder = render({ shop: fitting() });
    const output = sandboxed(folder, play('shop', '-e nettune_shop_apply=perhaps'));
    expect(output).toContain("The value 'perhaps' is not a valid boolean");
    expect(recaps(output)).toEqual([{ changed: 0, failed: 1 }]);
  });
});

describe('packet rules of others', { timeout: 300_000 }, () => {
  it.each([
    ['IPv6', 'ip6tables -t nat -A PREROUTING -p tcp -j REDIRECT', '-A PREROUTING -p tcp -j REDIRECT'],
    [
      'in the tables of iptables-legacy',
      'iptables-legacy -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT',
      'iptables-legacy holds rules',
    ],
    [
      'in a table of nftables',
      'nft "table inet t { chain c { type nat hook prerouting priority dstnat; tcp dport { 80, 81 } redirect to :8080; }; }"',
      'tcp dport { 80, 81 }',
    ],
    [
      'a filter of nft beside that of iptables, as firewalld makes',
      'nft "table inet t { chain c { type filter hook input priority 10; ct status dnat accept; }; }"',
      'filters what comes in or goes out, and iptables cannot override it',
    ],
    ['for another port', 'iptables -t nat -A PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 8080', ''],
  ])('that would be in the way, %s: the loader knows them, and nothing is left of it', (_, rules, found) => {
    const folder = render({ shop: fitting() });
    const output = sandboxed(
      folder,
      `{ ${rules}; } >/dev/null`,

      play('shop', '--check'),
      'find /tmp -maxdepth 1 -name "nettune-shop-*" -mmin -1 | grep . || echo nothing is left',
    );
    const [said = ''] = /packet rules: [^"]*/.exec(output) ?? [];
    expect(said).toContain(found);
    expect(said === '').toBe(found === '');
    expect(recaps(output)).toMatchObject([{ failed: found ? 1 : 0 }]);
    expect(output).toMatch(/^nothing is left$/m);
  });
});

describe('on a host as planned', { timeout: 300_000 }, () => {
  it('only writes files when it is told so, shows them first in check mode, and has nothing to do the second time', () => {
    const folder = render({ shop: fitting() });
    const only = '-e nettune_shop_apply=false';
    const listing = 'find /etc -name "*nettune*" -printf "%m %u %p %l\\n" | sort';
    const output = sandboxed(
      folder,
      'sysctl net.ipv4 net.core net.netfilter > before 2>/dev/null',
      play('shop', only, '--check', '--diff'),
      listing,
      'echo = written =',
      play('shop', only),
      listing,
      play('shop', only),
      'sysctl net.ipv4 net.core net.netfilter 2>/dev/null | diff before - && echo untouched',
      'for file in $(cd out/shop && find etc -type f); do cmp out/shop/$file /$file || echo is another; done',
    );
    const [checked = '', written = ''] = output.split('= written =');
    expect(checked).toContain('+net.core.somaxconn = 8192');
    expect(checked).not.toMatch(/^\d+ root \/etc/m);
    expect(written).toContain('644 root /etc/sysctl.d/90-nettune-shop.conf');
    expect(written).toContain(
      '777 root /etc/apache2/conf-enabled/nettune-shop.conf ../conf-available/nettune-shop.conf',
    );
    expect(recaps(output).map(({ failed }) => failed)).toEqual([0, 0, 0]);
    expect(recaps(output).map(({ changed }) => changed > 0)).toEqual([true, true, false]);
    expect(output).toMatch(/^untouched$/m);
    expect(output).not.toContain('is another');
  });

  it('puts values into effect, has nothing to do the second time, and sees in check mode what somebody changed since', () => {
    const folder = render({ shop: fitting() });
    const output = sandboxed(
      folder,
      play('shop'),
      'sysctl net.core.somaxconn',
      play('shop'),
      'sysctl -qw net.ipv4.tcp_keepalive_time=77',
      play('shop', '--check'),
      'sysctl net.ipv4.tcp_keepalive_time',
      play('shop'),
    );
    expect(output).toContain('net.core.somaxconn is 4096, planned: 8192');
    expect(output).toMatch(/^net.core.somaxconn = 8192$/m);
    expect(output).toContain('net.ipv4.tcp_keepalive_time is 77, planned: 1200');
    expect(output).toMatch(/^net.ipv4.tcp_keepalive_time = 77$/m);
    expect(recaps(output).map(({ failed }) => failed)).toEqual([0, 0, 0, 0]);
    expect(recaps(output).map(({ changed }) => changed > 0)).toEqual([true, false, true, true]);
  });

  it('starts its unit, and makes servers and units take what changed of theirs, but no server that is stopped or would not start', () => {
    const folder = render({ shop: fitting() });
    const playAndSay = [play('shop'), 'echo "calls: $(tr "\\n" , < calls)"; : > calls'];
    const output = sandboxed(
      folder,
      ...playAndSay,
      'echo >> /etc/nettune/shop/raw.rules',
      ...playAndSay,
      'echo >> /etc/apache2/conf-available/nettune-shop.conf',
      ...playAndSay,
      'rm running; echo >> /etc/apache2/conf-available/nettune-shop.conf',
      ...playAndSay,
      ': > running; echo Nonsense > /etc/apache2/conf-enabled/0.conf; echo >> /etc/apache2/conf-available/nettune-shop.conf',
      ...playAndSay,
    );
    expect([...output.matchAll(/^calls: (.*)$/gm)].map(([, calls]) => calls)).toEqual([
      'daemon-reload,start nettune-shop.service,restart apache2,',
      'reload nettune-shop.service,',
      'restart apache2,',
      '',
      '',
    ]);
    expect(recaps(output).map(({ failed }) => failed)).toEqual([0, 0, 0, 0, 1]);
    expect(output).toContain("Invalid command 'Nonsense'");
  });

  it('adds the line without which a squid.conf of Red Hat does not read ours, once and at the end', () => {
    const folder = render({ cache: 'extends: squid-proxy\nhost: { distribution: rhel-9 }\n' });
    const debian = `{ family: Debian, distributions: [], major_version: "", architecture: ${MACHINE}, kernel: "4.18", memory_mib: 1, least_memory_mib: 1 }`;
    const options = ['-e nettune_cache_apply=false', `-e '{ nettune_cache_host: ${debian} }'`];
    const output = sandboxed(
      folder,
      'chmod 640 /etc/squid/squid.conf; chgrp proxy /etc/squid/squid.conf; cp /etc/squid/squid.conf before',
      play('cache', ...options),
      'diff before /etc/squid/squid.conf; ls -l /etc/squid/squid.conf; squid -k parse 2>&1 | grep max_filedescriptors',
      play('cache', ...options),
      'rm /etc/squid/squid.conf',
      play('cache', ...options),
      'ls /etc/squid/squid.conf',
    );
    expect(output).toContain("cannot access '/etc/squid/squid.conf'");
    expect(output).toMatch(/^\d+a\d+\n> include \/etc\/squid\/nettune-cache.conf\n-rw-r----- 1 root proxy /m);
    expect(output).toMatch(/Processing: max_filedescriptors \d+\n/);
    expect(recaps(output)).toEqual([
      { changed: expect.any(Number), failed: 0 },
      { changed: 0, failed: 0 },
      { changed: 0, failed: 0 },
    ]);
  });

  it('fails with the name of each value that is not in effect, and of a server whose queue is short', () => {
    const most = readNumber('/proc/sys/net/netfilter/nf_conntrack_max');
    const folder = render({ shop: fitting(2 * most) });
    const listener = 'import socket,time; s=socket.socket(); s.bind(("127.0.0.1",80)); s.listen(5); time.sleep(90)';
    const output = sandboxed(
      folder,
      'cp "$(readlink -f /usr/bin/python3)" apache2',
      `timeout 90 ./apache2 -c '${listener}' & listener=$!`,
      play('shop'),
      'kill $listener',
    );
    expect(output).toContain(`net.netfilter.nf_conntrack_max is ${most}, planned: ${2 * most}`);
    expect(output).toContain('the listen queue of apache2 on 127.0.0.1:80 is 5, planned: 8192');
    expect(output).toContain('systemd-analyze cat-config sysctl.d');
    expect(output).not.toMatch(/somaxconn is 8192/);
    expect(recaps(output)).toMatchObject([{ failed: 1 }]);
  });
});

describe('a hostile profile', () => {
  it('passes every test and runs, and nothing that it says is evaluated', () => {
    const folder = temporaryFolder();
    const mark = join(folder, 'pwned');
    const text = JSON.stringify(HOSTILE(mark).replaceAll('\u001b', '\\u001b')).replaceAll('\\\\u001b', '\\u001b');
    const home = render({
      evil: `${fitting()}summary: ${text}\nsysctl: { net.core.netdev_budget: { value: 300, because: ${text} } }\n`,
    });
    const role = roleOf(home, 'evil');
    expect(readTree(role)['files/etc/sysctl.d/90-nettune-evil.conf']).toContain('touch');
    expect(
      run(home, [
        'ansible-lint',
        '--nocolor',
        '--profile',
        'production',
        '--offline',
        'out/evil/ansible/playbook.yml',
        role,
      ]).status,
    ).toBe(0);
    writeFileSync(join(home, 'show.yml'), SHOW);
    const output = sandboxed(
      home,
      'ansible-playbook -i inventory show.yml',
      play('evil', '-e nettune_evil_apply=false', '--diff'),
    );
    expect(output).toContain('nettune_evil_sysctl');
    expect(recaps(output)).toMatchObject([{ failed: 0 }, { failed: 0 }]);
    expect(existsSync(mark)).toBe(false);
  });
});

/** Evaluates and prints everything that the role's variables hold. */
const SHOW = `---
- name: Show
  hosts: evil
  gather_facts: false
  tasks:
    - name: Read the variables
      ansible.builtin.include_vars:
        file: out/evil/ansible/roles/nettune_evil/vars/main.yml
    - name: Print them
      ansible.builtin.debug:
        msg: "{{ vars | dict2items | selectattr('key', 'match', 'nettune_') }}"
`;

/** Stands for systemd in the sandbox: Apache runs while there is a file `running`, our unit once it was started. */
const systemctl = (folder: string) => `#!/bin/sh
cd ${folder}
state=$([ -e running ] && echo running || echo dead)
case "$*" in
  list-units* | *--all*) echo "apache2.service loaded active $state Apache" ;;
  show*nettune*) printf '%s\\n' LoadState=loaded "ActiveState=$([ -e started ] && echo active || echo inactive)" ;;
  show*) printf '%s\\n' LoadState=loaded ActiveState=active ;;
  start*nettune*) : > started; echo "$*" >> calls ;;
  start* | restart* | reload* | stop* | daemon-reload) echo "$*" >> calls ;;
esac
`;
