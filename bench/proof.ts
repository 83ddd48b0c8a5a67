// What a proof takes beside rules of others, written to bench/proof.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Host, Network } from '../test/support/namespaces.ts';
import { requirePrograms } from '../test/support/prerequisites.ts';
import { webServer } from '../test/support/rendered.ts';

requirePrograms({ iptables: 'iptables', ipset: 'ipset', conntrack: 'conntrack', ip: 'iproute2' });

const ROUNDS = 3;

/** Rules that some host has, as iptables-restore reads them. */
const fileOf = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../test/kernel/rulesets/${name}`, import.meta.url)), 'utf8');

const address = (number: number) => `${77 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}.9`;

/** A filter by states, below bans. */
const below = (bans: readonly string[]) => `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
${bans.join('\n')}
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 80,443 -m conntrack --ctstate NEW -j ACCEPT
COMMIT
`;

const bans = (count: number) =>
  below(Array.from({ length: count }, (_, number) => `-A INPUT -s ${address(number)}/32 -j DROP`));

function banBySet(host: Host, count: number): void {
  const members = Array.from({ length: count }, (_, number) => `add banned ${address(number)}`);
  const create = `create banned hash:ip maxelem ${count} hashsize 65536`;
  const { code, stderr } = host.run('ipset', ['restore'], { input: `${create}\n${members.join('\n')}\n` });
  if (code !== 0) throw new Error(stderr);
  host.restore('iptables-restore', below(['-A INPUT -m set --match-set banned src -j DROP']));
}

const KINDS: readonly { title: string; prepare: (host: Host) => void }[] = [
  { title: 'no rules', prepare: () => {} },
  {
    title: 'a cloud server, by a tutorial',
    prepare: (host) => host.restore('iptables-restore', fileOf('stock/digitalocean.rules')),
  },
  { title: 'Docker', prepare: (host) => host.restore('iptables-restore', fileOf('containers/docker.rules')) },
  { title: 'CSF', prepare: (host) => host.restore('iptables-restore', fileOf('panels/csf.rules')) },
  { title: '10,000 rules, each a ban', prepare: (host) => host.restore('iptables-restore', bans(10_000)) },
  { title: '100,000 rules, each a ban', prepare: (host) => host.restore('iptables-restore', bans(100_000)) },
  { title: 'a set with 10,000 bans', prepare: (host) => banBySet(host, 10_000) },
  { title: 'a set with 1,000,000 bans', prepare: (host) => banBySet(host, 1_000_000) },
];

const network = new Network();
const rendered = webServer('iptables', '[80, 443]');
try {
  const client = network.host('client');
  const hosts = KINDS.map(({ prepare }, index) => {
    const host = network.host(`host-${index}`);
    network.link(client, host);
    prepare(host);
    return host;
  });
  const times: number[][] = KINDS.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, host] of hosts.entries()) {
      const start = performance.now();
      const { code, stderr } = rendered.rules(host, 'reasons');
      if (code !== 0) throw new Error(`${KINDS[index]?.title}: ${stderr}`);
      times[index]?.push((performance.now() - start) / 1000);
    }
  const medians = times.map((each) => each.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? Number.NaN);
  const [bare = Number.NaN] = medians;
  const rows = KINDS.map(
    ({ title }, index) =>
      `| ${title} | ${((medians[index] ?? 0) / bare).toFixed(1)} × | ${medians[index]?.toFixed(1)} s |`,
  );
  writeFileSync(
    new URL('proof.md', import.meta.url),
    `# What a proof takes

Made by \`npm run bench:proof\`, as root, in network namespaces, on Linux ${/^\d+\.\d+/.exec(release())?.[0]}.

\`nettune-host rules reasons\` for a web server with two served ports, ${ROUNDS} times on each host in turn. The median, as a ratio to a
host without rules, and on the machine where this was made.

| host | ratio | there |
|---|---:|---:|
${rows.join('\n')}
`,
  );
} finally {
  network.remove();
  rendered.remove();
}
