// The role against one made of modules for the same values, on an emulated Debian 12 each, written to bench/ansible.md. It
// needs Debian's package ansible, for the collection ansible.posix.
import { mkdirSync, writeFileSync } from 'node:fs';
import { DebianMachine } from '../test/support/debian-machine.ts';
import { execute } from '../test/support/execute.ts';
import { plannedValues } from '../test/support/in-effect.ts';
import { Rendered } from '../test/support/rendered.ts';

const PROFILE = `extends: web-server
host: { memory: 1GiB }
traffic: { ports: [80], connectionsPerSecond: 1000, concurrentConnections: 100, outbound: [] }
`;

/** As ansible-playbook says it at the end, with the time that it took. */
interface Play {
  readonly seconds: number;
  readonly tasks: number;
  readonly changed: number;
}

const shop = new Rendered('shop', PROFILE);
const peer = writePeer();

/** What an administrator writes with the modules that are there: a task for each kind, a loop for each value and rule. */
function writePeer(): string {
  const folder = shop.at('peer');
  mkdirSync(folder, { recursive: true });
  const parameters = Object.entries(plannedValues(shop)).filter(([name]) => !name.startsWith('/'));
  const copied = [
    'etc/modprobe.d/nettune-shop.conf',
    'etc/modules-load.d/nettune-shop.conf',
    'etc/apache2/conf-available/nettune-shop.conf',
    'etc/systemd/system/apache2.service.d/nettune-shop.conf',
  ];
  const rules = [
    { chain: 'PREROUTING', destination_port: '80' },
    { chain: 'PREROUTING', source_port: '80', in_interface: 'lo' },
    { chain: 'OUTPUT', source_port: '80' },
    { chain: 'OUTPUT', destination_port: '80', out_interface: 'lo' },
  ];
  const tasks = [
    { 'community.general.modprobe': { name: 'nf_conntrack' } },
    {
      'ansible.builtin.copy': { src: `${shop.at('')}/{{ item }}`, dest: '/{{ item }}' },
      loop: copied.filter((path) => !path.includes('apache2.service.d')),
      notify: 'restart',
    },
    { 'ansible.builtin.file': { path: '/etc/systemd/system/apache2.service.d', state: 'directory' } },
    {
      'ansible.builtin.copy': { src: `${shop.at('')}/${copied[3]}`, dest: `/${copied[3]}` },
      notify: 'restart',
    },
    {
      'ansible.builtin.file': {
        path: '/etc/apache2/conf-enabled/nettune-shop.conf',
        src: '../conf-available/nettune-shop.conf',
        state: 'link',
      },
      notify: 'restart',
    },
    {
      'ansible.posix.sysctl': {
        name: '{{ item.0 }}',
        value: '{{ item.1 }}',
        sysctl_file: '/etc/sysctl.d/90-peer.conf',
      },
      loop: parameters,
      notify: 'restart',
    },
    {
      'ansible.builtin.iptables': {
        table: 'raw',
        chain: '{{ item.chain }}',
        protocol: 'tcp',
        source_port: '{{ item.source_port | default(omit) }}',
        destination_port: '{{ item.destination_port | default(omit) }}',
        in_interface: '{{ item.in_interface | default(omit) }}',
        out_interface: '{{ item.out_interface | default(omit) }}',
        ip_version: '{{ family }}',
        jump: 'NOTRACK', // the module has no --notrack
      },
      loop: rules,
    },
  ].map((task) => ({ name: Object.keys(task)[0], ...task }));
  const play = {
    hosts: 'shop',
    gather_facts: false,
    vars: { family: 'ipv4' },
    tasks,
    handlers: [
      { name: 'restart', 'ansible.builtin.systemd': { name: 'apache2', state: 'restarted', daemon_reload: true } },
    ],
  };
  const file = `${folder}/playbook.yml`;
  writeFileSync(file, JSON.stringify([play]));
  return file;
}

async function play(machine: DebianMachine, playbook: string): Promise<Play> {
  const inventory = shop.at('inventory');
  writeFileSync(inventory, `[shop]\n${machine.inventoryLine}\n`);
  const env = ['ANSIBLE_NOCOLOR=1', 'ANSIBLE_PIPELINING=1', `HOME=${shop.at('')}`];
  const start = performance.now();
  const { code, output } = await execute('env', [...env, 'ansible-playbook', '-i', inventory, playbook]);
  if (code !== 0) throw new Error(output);
  const seconds = (performance.now() - start) / 1000;
  const [, ok, changed] = /ok=(\d+) +changed=(\d+)/.exec(output) ?? [];
  const items = [...output.matchAll(/^(?:ok|changed): .*=> \(item=/gm)].length;
  const loops = new Set(
    [...output.matchAll(/^TASK \[(.*?)\][^\n]*\n(?:ok|changed): [^\n]*=> \(item=/gm)].map(([, name]) => name),
  ).size;
  return { seconds, tasks: Number(ok) - loops + items, changed: Number(changed) };
}

/** First and second run, on a machine that nobody has touched. */
async function measure(playbook: string): Promise<Play[]> {
  const machine = await DebianMachine.start();
  try {
    await machine.run('true');
    return [await play(machine, playbook), await play(machine, playbook)];
  } finally {
    await machine.stop();
  }
}

const planned = Object.keys(plannedValues(shop)).length;
const ours = await measure(shop.at('playbook.yml'));
const theirs = await measure(peer);
shop.remove();

const row = (what: string, one: Play | undefined, other: Play | undefined) =>
  `| ${what} | ${one?.tasks} | ${other?.tasks} | ${one?.changed} | ${other?.changed} | ${((one?.seconds ?? 0) / (other?.seconds ?? 1)).toFixed(2)} × |`;

writeFileSync(
  new URL('ansible.md', import.meta.url),
  `# The role against modules

Made by \`npm run bench:ansible\`: an emulated Debian 12 for each, ssh with pipelining, the same web server. *Modules* is a play of
\`ansible.builtin.copy\`, \`ansible.posix.sysctl\` and \`ansible.builtin.iptables\` for the same files, ${planned} values and four rules
of IPv4; it compares no host, reads nothing back, puts nothing back and keeps its rules until the next boot only. A loop
counts as many tasks as it has items, which is what it costs. Time as nettune's share of the modules'; the goal is 0.5.

| run | nettune: tasks | modules: tasks | nettune: changed | modules: changed | time |
|---|---:|---:|---:|---:|---:|
${row('first', ours[0], theirs[0])}
${row('second', ours[1], theirs[1])}
`,
);
