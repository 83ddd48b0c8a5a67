import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { exitCodes, onMachine, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { faultsOf } from '../support/schemas.ts';
import { gate, shop, untracked } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  ss: 'iproute2',
  promtool: 'prometheus',
});

interface Difference {
  readonly kind: string;
  readonly text: string;
  readonly name?: string;
  readonly setBy?: string | null;
  readonly atBoot?: { readonly value: string; readonly setBy: string } | null;
}

interface Answer {
  readonly inEffect: boolean;
  readonly waits: string | null;
  readonly differences: readonly Difference[];
  readonly tracking: string | null;
  readonly listenQueues: readonly object[];
}

/** Every answer in JSON, each of which follows the published schema. */
function answersIn(output: string): Answer[] {
  const answers = [...output.matchAll(/^\{\n[\s\S]*?^\}$/gm)].map(([text]) => JSON.parse(text));
  for (const answer of answers) expect(faultsOf('status', answer)).toEqual([]);
  return answers;
}

/** What the linter of Prometheus has against metrics. */
function checkMetrics(text: string) {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  return { status, faults: stdout + stderr };
}

const metricsIn = (output: string) => output.replace(/^(?!# (HELP|TYPE) |nettune_).*\n/gm, '');
const inAllFormats = 'for each in text json nagios prometheus; do installed status --format $each; done';

describe.each(inCi(SHELLS, 'bash --posix'))('status in %s', (shell) => {
  it('says that everything is in effect, in all formats, and changes nothing', () => {
    const output = onMachine(shop(), [`apply shop >/dev/null; snapshot after; ${inAllFormats}; same after`], shell);
    expect(output).toMatch(/^nettune shop: in effect: 9 values, 9 files and links$/m);
    expect(output).toMatch(
      /^nettune shop: connection table: \d+ of \d+ entries; since boot: insert_failed 0, drop 0, early_drop 0$/m,
    );
    expect(output).toMatch(/^nettune shop: listen queues since boot: ListenOverflows 0, ListenDrops 0$/m);
    expect(answersIn(output)).toMatchObject([{ inEffect: true, waits: null, differences: [], tracking: null }]);
    expect(output).toMatch(
      /^NETTUNE OK - shop: in effect \| differences=0 entries=\d+;;;0;\d+ overflows=0c drops=0c insert_failed=0c drop=0c early_drop=0c$/m,
    );
    expect(checkMetrics(metricsIn(output))).toEqual({ status: 0, faults: '' });
    expect(output).toMatch(/^nettune_in_effect\{profile="shop"\} 1$/m);
    expect(exitCodes(output)).toEqual([0, 0, 0, 0]);
    expect(sames(output)).toEqual(['same as after']);
  });

  it('names what differs, and who set it', () => {
    const output = onMachine(
      shop(),
      [
        'apply shop >/dev/null; echo net.core.somaxconn=77 > /etc/sysctl.d/95-x.conf; sysctl -qw net.core.somaxconn=77 net.ipv4.tcp_keepalive_time=9',
        'chmod 600 /etc/udev/rules.d/90-nettune-shop.rules; echo >> /etc/modprobe.d/nettune-shop.conf; rm /etc/apache2/conf-enabled/nettune-shop.conf',
        `rm /etc/modules-load.d/nettune-shop.conf; echo net.ipv4.tcp_syncookies=0 >> /etc/sysctl.d/95-x.conf; ${inAllFormats}`,
      ],
      shell,
    );
    const ours = '/etc/sysctl.d/90-nettune-shop.conf line';
    const [{ differences = [] } = {}] = answersIn(output);
    expect(differences.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'file: /etc/modprobe.d/nettune-shop.conf is not the file of this plan',
      'file: /etc/modules-load.d/nettune-shop.conf is missing',
      'file: /etc/udev/rules.d/90-nettune-shop.rules has another owner or other permissions than planned, or is a link',
      'file: /etc/apache2/conf-enabled/nettune-shop.conf does not lead to ../conf-available/nettune-shop.conf',
      'value: net.core.somaxconn is 77, planned: 4096; set by /etc/sysctl.d/95-x.conf line 1, which wins at boot too',
      expect.stringContaining(
        `value: net.ipv4.tcp_keepalive_time is 9, planned: 1200; no sysctl file sets this (set by hand, or never); at boot ${ours}`,
      ),
      'boot: net.ipv4.tcp_syncookies is 1 as planned, but at boot /etc/sysctl.d/95-x.conf line 2 wins with 0',
    ]);
    expect(differences.find(({ name }) => name === 'net.core.somaxconn')).toMatchObject({
      is: '77',
      planned: '4096',
      setBy: '/etc/sysctl.d/95-x.conf line 1',
      atBoot: { value: '77', setBy: '/etc/sysctl.d/95-x.conf line 1' },
    });
    for (const { text } of differences) expect(output).toContain(`nettune shop:   ${text}\n`);
    expect(output).toContain(`\nNETTUNE WARNING - shop: 7 not as planned: ${differences[0]?.text} | differences=7 `);
    expect(checkMetrics(metricsIn(output))).toEqual({ status: 0, faults: '' });
    for (const [kind, count] of [
      ['value', 2],
      ['boot', 1],
      ['file', 4],
      ['rules', 0],
    ])
      expect(output).toContain(`nettune_differences{profile="shop",kind="${kind}"} ${count}\n`);
    expect(exitCodes(output)).toEqual([1, 1, 1, 1]);
  });
});

describe('a run', () => {
  it('that waits for its confirmation is named, and what it did is what should be in effect', () => {
    const output = onMachine(untracked(), [
      `apply shop --confirm-within 100 >/dev/null; ${inAllFormats}; installed apply --confirm >/dev/null; installed status --format json`,
    ]);
    expect(answersIn(output)).toMatchObject([
      { inEffect: false, waits: 'confirmation', differences: [], tracking: 'untracked' },
      { inEffect: true, waits: null, differences: [], tracking: 'untracked' },
    ]);
    expect(output).toContain(
      'nettune shop: a run waits for confirmation: nettune-host apply --confirm keeps what it did',
    );
    expect(output).toContain('NETTUNE WARNING - shop: a run waits for confirmation: ');
    expect(output).toContain('nettune_run_waiting{profile="shop",reason="confirmation"} 1\n');
    expect(exitCodes(output)).toEqual([1, 1, 1, 1, 0]);
  });

  // The record of a run lies there while it goes on, and stays when it is killed. A lock tells which.
  it('that was cut short is critical, and one that goes on is not', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; cp -r /var/lib/nettune/shop/before /var/lib/nettune/shop/undo',
      `${inAllFormats}; exec 9</run/nettune.lock; flock 9; installed status --format json; installed status --format nagios`,
      'exec 9<&-; exec 9</etc/passwd; flock 9; installed status --format nagios',
    ]);
    expect(answersIn(output).map(({ waits }) => waits)).toEqual(['cut-short', 'running']);
    expect(output).toContain('nettune shop: a run was cut short: nettune-host apply --put-back restores ');
    expect(output.match(/^NETTUNE .*? \|/gm)).toEqual([
      expect.stringContaining('NETTUNE CRITICAL - shop: a run was cut short: '),
      'NETTUNE WARNING - shop: a run is going on |',
      expect.stringContaining('NETTUNE CRITICAL - shop: a run was cut short: '),
    ]);
    expect(output).toContain('nettune_run_waiting{profile="shop",reason="cut-short"} 1\n');
    expect(exitCodes(output)).toEqual([1, 1, 2, 1, 1, 1, 2]);
  });

  it('of another profile, or none at all, gives no answer', () => {
    const output = onMachine(shop(), [
      'rendered status; rendered status --format nagios; apply shop >/dev/null; echo "value x 1" >> /var/lib/nettune/shop/plan',
      'installed status; installed status --format nagios; installed status --format nagios --output x; installed status --format xml',
    ]);
    expect(output).toContain('NETTUNE UNKNOWN - nettune: no profile was applied on this host: ');
    expect(output).toContain('NETTUNE UNKNOWN - nettune shop: /var/lib/nettune/shop/plan is damaged: ');
    expect(output).toContain('NETTUNE UNKNOWN - usage: nettune-host status ');
    expect(exitCodes(output)).toEqual([2, 3, 2, 3, 3, 2]);
  });
});

test('says whether the served ports are untracked, and why not, without a proof', () => {
  const output = onMachine(untracked(), [
    'apply shop >/dev/null; installed status; kill -STOP $(sed "s/.* //" /run/nettune-shop.guard); echo looking $(sed "s/.* //" /run/nettune-shop.guard) > /run/nettune-shop.guard',
    'installed status; kill -9 $(sed "s/.* //" /run/nettune-shop.guard); installed status; installed status --format prometheus',
  ]);
  expect(output).toContain('nettune shop: untracked: port 80 443\n');
  expect(output).toContain('nettune shop:   connections are tracked: the guard is trying the packet rules\n');
  expect(output).toContain('connections are tracked: the guard does not run (systemctl status nettune-shop)\n');
  expect(output).toContain('nettune_untracked{profile="shop"} 0\n');
  expect(output).toContain('nettune_differences{profile="shop",kind="rules"} 1\n');
  expect(exitCodes(output)).toEqual([0, 1, 1, 1]);
});

test('shows how full the queues of a server are, and names one that is too short', () => {
  const listing =
    'State Recv-Q Send-Q Local Address:Port Peer\\nLISTEN 7 128 *:80 *:*\\nLISTEN 1 4096 [::]:443 *:*\\nLISTEN 0 5 *:81 *:*\\n';
  const output = onMachine(shop(), [
    `apply shop >/dev/null; mkdir -p bin; printf '#!/bin/sh\\nprintf "${listing.replaceAll('\\', '\\\\')}"\\n' > bin/ss`,
    'chmod +x bin/ss; TEST_PATH=$PWD/bin:$PATH; edit shop "s/^queue apache2 443.*/queue apache2 443 4096/"; run status shop --format json; run status shop',
  ]);
  const [answer] = answersIn(output);
  expect(answer?.listenQueues).toEqual([
    { address: '*:80', waiting: 7, length: 128, planned: 1024 },
    { address: '[::]:443', waiting: 1, length: 4096, planned: 4096 },
  ]);
  expect(answer?.differences.map(({ kind }) => kind)).toEqual(['queue']);
  expect(output).toContain('nettune shop: listen queue *:80: 7 of 128 wait\n');
});

describe('--output', () => {
  it('keeps the answer in a file, whole, and no old one where there is none', () => {
    const output = onMachine(shop(), [
      'apply shop >/dev/null; mkdir metrics; ln -s ../victim metrics/link; echo mine > victim',
      'installed status --format prometheus --output metrics/shop.prom; cat metrics/shop.prom; stat -c "%A %F" metrics/shop.prom',
      'for target in metrics/link /dev/null /dev/stdout; do installed status --output $target; done; cat victim; [ -c /dev/null ] && rm metrics/link',
      'installed status --output metrics; installed status --output nowhere/x; installed status --output metrics/shop.prom --bogus; ls metrics',
      'rm /var/lib/nettune/shop/plan; installed status --format prometheus --output metrics/shop.prom; echo left: $(ls metrics)',
    ]);
    expect(checkMetrics(metricsIn(output))).toEqual({ status: 0, faults: '' });
    expect(output).toContain('-rw-r--r-- regular file\n');
    expect(output).toMatch(/^mine$/m);
    expect(
      output.match(/nettune: .*(metrics|metrics\/link|\/dev\/null|\/dev\/stdout) is no regular file\n/g),
    ).toHaveLength(4);
    expect(output).toMatch(/nettune: there is no folder .*nowhere\n/);
    expect(output).toMatch(/^usage: .*\nexit code 2\nshop.prom\n/m);
    expect(output).toMatch(/^left:$/m);
    expect(exitCodes(output)).toEqual([0, 2, 2, 2, 2, 2, 2, 2]);
  });
});

test('what others wrote commands no terminal, and breaks no line of any format', () => {
  const folder = shop();
  writeFileSync(
    join(folder, 'evil.conf'),
    'net.core.somaxconn = "\\$(touch pwned)|x=1;`touch pwned`<b>&\u001b[31mé\u0001\n',
  );
  const output = onMachine(folder, [
    `apply shop >/dev/null; cp evil.conf "$(printf '/etc/sysctl.d/99-\\t"|\\\\n<i>\\033[31m}.conf')"; ${inAllFormats}`,
  ]);
  expect(output).not.toMatch(/[^\n -~]/);
  const [{ differences = [] } = {}] = answersIn(output);
  expect(differences).toHaveLength(1);
  expect(differences[0]?.atBoot?.value).toBe('"\\$(touch pwned)|x=1;`touch pwned`<b>&\u001b[31m??\u0001');
  expect(differences[0]?.atBoot?.setBy).toBe('/etc/sysctl.d/99-?"|\\n<i>\u001b[31m}.conf line 1');
  const lines = output.match(/^NETTUNE .*$/gm) ?? [];
  expect(lines).toHaveLength(1);
  expect(lines[0]?.split('|')).toHaveLength(2);
  expect(lines[0]).not.toMatch(/[<>&]/);
  expect(checkMetrics(metricsIn(output))).toEqual({ status: 0, faults: '' });
  expect(existsSync(join(folder, 'pwned'))).toBe(false);
  expect(exitCodes(output)).toEqual([1, 1, 1, 1]);
});

describe('where no file for sysctl explains a value', () => {
  /** A process of this name, as long as the machine is there. */
  const processCalled = (name: string) => `cp "$(command -v sleep)" ${name}; ./${name} 1000 & `;
  const somaxconn = 'net.core.somaxconn is 7, planned: 4096; no sysctl file sets this';

  it.each([
    ['net.netfilter.nf_conntrack_tcp_timeout_established', 'kube-proxy', 'conntrack.tcpEstablishedTimeout: 0s'],
    ['net.netfilter.nf_conntrack_tcp_timeout_established', 'k3s-server', 'conntrack.tcpEstablishedTimeout: 0s'],
  ])('%s: %s runs, and is named with what has it leave the value alone', (key, name, option) => {
    const output = onMachine(shop(), [
      `apply shop >/dev/null; sysctl -qw ${key}=86400 net.core.somaxconn=7; installed status; ${processCalled(name)} installed status`,
    ]);
    const sentence = `, but kube-proxy does when it starts, and ${name} runs here: set ${option} in its configuration`;
    expect(
      output.split(`${key} is 86400, planned: 3600; no sysctl file sets this (set by hand, or never); `),
    ).toHaveLength(2);
    expect(output.split(`${key} is 86400, planned: 3600; no sysctl file sets this${sentence}; `)).toHaveLength(2);
    expect(output.split(`${somaxconn} (set by hand, or never)`)).toHaveLength(3);
  });

  it('files of cloud-init, NetworkManager and the boot are named with the line that sets it', () => {
    const FILES = [
      ['/etc/cloud/cloud.cfg.d/50-x.cfg', 'runcmd:\\n- [sysctl, -w, net.core.somaxconn=7]', 2],
      [
        '/var/lib/cloud/instance/user-data.txt',
        '#cloud-config\\nbootcmd:\\n- echo 7 > /proc/sys/net/core/somaxconn',
        3,
      ],
      ['/etc/NetworkManager/dispatcher.d/10-x', 'sysctl net.core.somaxconn=7', 1],
      ['/etc/rc.local', '# net.core.somaxconn\\nsysctl net.core.somaxconn=7', 2],
    ] as const;
    const output = onMachine(shop(), [
      'apply shop >/dev/null; sysctl -qw net.core.somaxconn=7',
      ...FILES.map(
        ([file, text]) => `mkdir -p $(dirname ${file}); printf '${text}\\n' > ${file}; installed status; rm ${file}`,
      ),
    ]);
    for (const [file, , line] of FILES)
      expect(output).toContain(`${somaxconn}, but ${file} line ${line} names it; at boot `);
  });

  it('NetworkManager is named for values of an interface alone', () => {
    const output = onMachine(shop(), [
      'edit shop -e "\\$avalue net.ipv6.conf.lo.accept_ra 0" -e "\\$avalue net.ipv6.conf.all.accept_ra 0"; apply shop >/dev/null',
      `sysctl -qw net.ipv6.conf.lo.accept_ra=1 net.ipv6.conf.all.accept_ra=1; ${processCalled('NetworkManager')} installed status`,
    ]);
    const [all, lo] = ['all', 'lo'].map(
      (each) => new RegExp(`conf.${each}.accept_ra is 1, planned: 0; ([^;]*);`).exec(output)?.[1],
    );
    expect(all).toBe('no sysctl file sets this (set by hand, or never)');
    expect(lo).toBe('no sysctl file sets this, but NetworkManager runs here, and sets it when a connection comes up');
  });
});

describe('the journal', () => {
  const LOGGER =
    'mkdir -p servers; printf \'#!/bin/sh\\necho "$*" >> %s/journal\\n\' "$PWD" > servers/logger; chmod +x servers/logger';
  const journal = 'sed "s/^/journal: /" journal; : > journal';
  const linesIn = (output: string) =>
    [...output.matchAll(/^journal: -t nettune -p daemon.notice (.*)$/gm)].map(([, line]) => line);

  it('has a line for each run, and none for what only looks, or is about an image', () => {
    const output = onMachine(gate(), [
      `${LOGGER}; apply gate; apply gate; apply gate --dry-run; verify gate; installed status; mkdir image; cp -r /etc image`,
      `apply gate --root image; echo net.ipv4.ip_forward=0 > /etc/sysctl.d/99-x.conf; apply gate --files-only; remove gate; ${journal}`,
    ]);
    expect(linesIn(output)).toEqual([
      expect.stringMatching(/^gate: apply: everything is in effect, \d\d changes$/),
      'gate: apply: everything is in effect, 0 changes',
      expect.stringMatching(/^gate: apply: 1 not as planned: net.ipv4.ip_forward is 1 as planned, but at boot /),
      expect.stringMatching(/^gate: remove: everything is gone, \d\d changes$/),
    ]);
  });

  it('has one for a run that is refused, or fails', () => {
    const output = onMachine(gate(), [
      `${LOGGER}; (exec 9<>/run/nettune.lock; flock 9; apply gate); rendered apply --put-back; cp out/gate/plan kept`,
      'echo "value x 1" >> out/gate/plan; apply gate; cp kept out/gate/plan; edit gate "s/^major-version.*/major-version 99/"; apply gate',
      `cp kept out/gate/plan; edit gate '$avalue net.core.nonesuch 1'; apply gate; ${journal}`,
    ]);
    expect(linesIn(output)).toEqual([
      'gate: apply: refused: another run is going on',
      'apply --put-back: there was nothing to put back',
      expect.stringMatching(/^gate: apply: refused: .*out\/gate\/plan is no plan that this program takes$/),
      'gate: apply: refused: major version: 12, planned for 99',
      'gate: apply: failed, and put back',
    ]);
  });

  it('has one for a run that waits, and for its end', () => {
    const output = onMachine(untracked(), [
      `${LOGGER}; apply shop --confirm-within 100; installed apply --put-back; ${journal}`,
    ]);
    expect(linesIn(output)).toEqual([
      expect.stringMatching(/^shop: apply: in effect, \d+ changes; waits 100 seconds for confirmation$/),
      'shop: apply --put-back: everything is as it was',
    ]);
  });
});
