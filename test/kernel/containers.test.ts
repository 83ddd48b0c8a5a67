import { afterAll, beforeAll, expect, it } from 'vitest';
import { nettune } from '../support/cli.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({ ip: 'iproute2', sysctl: 'procps', unshare: 'util-linux' });

/** Every port leads to a container; the figures ask for more than any default. */
const PROFILE = `name: shop
extends: web-server
firewall: { translated: [80, 443] }
traffic: { connectionsPerSecond: 20000 }
conntrack: { untracked: { served: false } }
`;

let network: Network;
let host: Host;

beforeAll(() => {
  network = new Network();
  host = network.host('host');
});
afterAll(() => network.remove());

/** As `values-reach-server` proposes them: `--sysctl NAME=VALUE`. */
function proposedValues(): string[] {
  const { problems } = JSON.parse(nettune(['validate', '--format', 'json', '-'], { input: PROFILE }).stdout);
  const found = problems.find(({ id }: { id: string }) => id === 'values-reach-server');
  return [...found.remedy.matchAll(/--sysctl (\S+=\d+)/g)].map(([, pair]) => pair as string);
}

/** What a container sees; its namespace begins where the host has all values of the plan. */
const inContainer = (script: string) => host.must('unshare', '--net', 'sh', '-c', script).split('\n').filter(Boolean);

it('has none of the values that the host has, until it is started with them', () => {
  const wanted = proposedValues();
  const names = wanted.map((pair) => pair.replace(/=.*/, ''));
  expect(names).toEqual(['net.core.somaxconn', 'net.ipv4.tcp_max_tw_buckets', 'net.ipv4.tcp_keepalive_time']);
  const read = `for name in ${names.join(' ')}; do echo "$name=$(sysctl -n "$name")"; done`;
  host.must('sysctl', '-qw', ...wanted);
  expect(host.must('sh', '-c', read).split('\n').filter(Boolean)).toEqual(wanted);

  const own = inContainer(read);
  expect(own).toHaveLength(wanted.length);
  expect(own.filter((pair) => wanted.includes(pair))).toEqual([]);
  expect(inContainer(`sysctl -qw ${wanted.join(' ')}; ${read}`)).toEqual(wanted);
});
