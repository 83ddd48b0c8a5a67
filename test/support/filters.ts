import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BANNED, redHat } from './foreign-rules.ts';
import type { Host } from './namespaces.ts';
import { type Rendered, webServer } from './rendered.ts';

/**
 * A real packet filter, with its real program: it bans 10.203.1.66, opens 22, 80, 81 and 8000 to 8003, refuses everything
 * else, and looks at connection states, so that tracking is on.
 */
export interface RunningFilter {
  readonly rendered: Rendered;
  /** As an administrator would, after a change. */
  readonly reload: () => void;
  /** Limits connections to port 80, in the filter's own way, if it has one. */
  readonly limit?: () => void;
  readonly stop: () => void;
}

type Start = (host: Host) => Promise<RunningFilter>;

/** By the title of its tests. */
export const FILTERS: Readonly<Record<string, Start>> = {
  iptables: async (host) => {
    const rendered = webServer('iptables');
    const reload = () => {
      host.restore('iptables-restore', redHat('above'));
      host.restore(
        'ip6tables-restore',
        redHat('above')
          .replace(`-A INPUT -s ${BANNED} -j DROP\n`, '')
          .replaceAll('icmp-host-prohibited', 'icmp6-adm-prohibited')
          .replace('-p icmp ', '-p icmpv6 '),
      );
    };
    reload();
    // Our unit stops before the one of iptables does (PartOf): rules that untrack are not to outlive the accept rules.
    const reloadWithUs = () => {
      rendered.rules(host, 'unload');
      reload();
    };
    return { rendered, reload: reloadWithUs, stop: () => rendered.remove() };
  },
  'nothing, on a distribution without iptables': (host) =>
    startNft(host, webServer('none', undefined, 'rhel-10'), [
      'chain input {',
      'type filter hook input priority 0; policy accept',
      `ip saddr ${BANNED} drop`,
      'tcp dport 82 drop',
      'ct state established accept',
      '}',
    ]),
  'a filter of nft that accepts ports without a state': (host) =>
    startNft(host, webServer('nftables'), [
      'chain input {',
      'type filter hook input priority 0; policy drop',
      `ip saddr ${BANNED} drop`,
      'ct state vmap { invalid : drop, established : accept, related : accept }',
      'iifname lo accept',
      'icmp type { destination-unreachable, echo-request } limit rate 100/second accept',
      'icmpv6 type { packet-too-big, nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept',
      'tcp dport { 22, 80, 81, 8000-8003 } accept',
      '}',
    ]),
  'a filter of nft by state, in and out, with our lines': (host) => {
    const rendered = webServer('nftables');
    const include = (kind: string) => `include "${rendered.at(`etc/nettune/kernel-web/accept-${kind}*.nft`)}"`;
    const nd = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept';
    return startNft(host, rendered, [
      'chain input {',
      'type filter hook input priority 0; policy drop',
      `ip saddr ${BANNED} drop`,
      include('established'),
      'ct state established,related accept',
      'ct state invalid drop',
      nd,
      'iif lo ct state new accept',
      include('new'),
      'tcp dport { 22, 80, 81, 8000-8003 } ct state new accept',
      '}',
      'chain output {',
      'type filter hook output priority 0; policy drop',
      include('answers'),
      nd,
      'ct state established,related accept',
      'oif lo ct state new accept',
      '}',
    ]);
  },
  ufw: async (host) => startUfw(host, []),
  'ufw that denies what goes out, with our lines': async (host) => startUfw(host, ['default deny outgoing']),
  firewalld: startFirewalld,
};

async function startNft(host: Host, rendered: Rendered, lines: readonly string[]): Promise<RunningFilter> {
  const rules = `flush ruleset\ntable inet filter {\n${lines.join('\n')}\n}\n`;
  const reload = () => {
    const { code, stderr } = host.run('nft', ['-f', '-'], { input: rules });
    if (code !== 0) throw new Error(`nft: ${stderr}\n${rules}`);
  };
  reload();
  return { rendered, reload, stop: () => rendered.remove() };
}

/** Runs a program that finds, in place of this machine's folders, others: `ip netns exec` gives it mounts of its own. */
const elsewhere = (mounts: Readonly<Record<string, string>>) => [
  '-c',
  [
    ...Object.entries(mounts).map(([at, folder]) => `mount --bind '${folder}' '${at}'`),
    'mount -t tmpfs none /run',
    'exec "$@"',
  ].join(' && '),
  'sh',
];

async function startUfw(host: Host, commands: readonly string[]): Promise<RunningFilter> {
  const folder = mkdtempSync(join(tmpdir(), 'nettune-ufw-'));
  const rendered = webServer('ufw');
  cpSync('/etc/ufw', join(folder, 'etc'), { recursive: true });
  cpSync('/etc/default/ufw', join(folder, 'default'));
  const mounts = elsewhere({ '/etc/ufw': join(folder, 'etc'), '/etc/default/ufw': join(folder, 'default') });
  const ufw = (command: string) => host.must('sh', ...mounts, 'ufw', ...command.split(' '));
  const opened = 'allow proto tcp to any port 22,80,81,8000:8003';
  for (const command of [opened, `insert 1 deny from ${BANNED}`, ...commands]) ufw(command);
  if (commands.length > 0) for (const file of ['before.rules', 'before6.rules']) addLines(folder, file, rendered);
  ufw('--force enable');
  const stop = () => {
    rendered.remove();
    rmSync(folder, { recursive: true });
  };
  const limit = () => ufw('insert 2 limit proto tcp to any port 80');
  return { rendered, reload: () => ufw('reload'), limit, stop };
}

function addLines(folder: string, file: string, rendered: Rendered): void {
  const path = join(folder, 'etc', file);
  const lines = readFileSync(rendered.at(`etc/nettune/kernel-web/ufw-${file}`), 'utf8');
  const place = '# drop INVALID packets';
  writeFileSync(path, readFileSync(path, 'utf8').replace(place, `${lines}\n${place}`));
}

async function startFirewalld(host: Host): Promise<RunningFilter> {
  const folder = mkdtempSync(join(tmpdir(), 'nettune-firewalld-'));
  const rendered = webServer('firewalld');
  cpSync('/etc/firewalld', join(folder, 'etc'), { recursive: true });
  // Without services that its bus could start, it does not ask for PolicyKit again and again.
  mkdirSync(join(folder, 'none'));
  const mounts = elsewhere({
    '/etc/firewalld': join(folder, 'etc'),
    '/usr/share/dbus-1/system-services': join(folder, 'none'),
    '/var/log': folder,
  });
  const bus = `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${folder}/bus`;
  host.start(
    'sh',
    ...mounts,
    'dbus-daemon',
    '--system',
    '--nofork',
    '--nopidfile',
    `--address=unix:path=${folder}/bus`,
  );
  host.start('sh', ...mounts, 'env', bus, 'firewalld', '--nofork', '--nopid');
  const command = (...args: readonly string[]) => host.must('env', bus, 'firewall-cmd', ...args);
  await untilDone(() => host.run('env', [bus, 'firewall-cmd', '--state']).code === 0);
  for (const port of ['22', '80', '81', '8000-8003']) command('--permanent', `--add-port=${port}/tcp`);
  command('--permanent', `--add-rich-rule=rule family=ipv4 source address=${BANNED} drop`);
  command('--reload');
  const stop = () => {
    rendered.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  const limit = () => command('--add-rich-rule=rule port port=80 protocol=tcp accept limit value=9/s');
  return { rendered, reload: () => command('--reload'), limit, stop };
}

async function untilDone(isDone: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (isDone()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('firewalld does not answer');
}
