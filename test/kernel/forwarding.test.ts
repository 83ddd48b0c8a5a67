import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { expectDone } from '../support/rules.ts';

requirePrograms({ ip: 'iproute2', iptables: 'iptables', sysctl: 'procps' });

const ELSEWHERE = '10.203.2.2';
const PORT = 80;

let network: Network;
let client: Host;
let router: Host;
let rendered: Rendered;

/** client ── router ── elsewhere, which answers the router only: what it gets has to bear the router's address. */
beforeAll(async () => {
  network = new Network();
  rendered = webServer('none');
  client = network.host('client');
  router = network.host('router');
  const elsewhere = network.host('elsewhere');
  network.link(client, router);
  network.link(router, elsewhere);
  client.must('ip', 'route', 'add', 'default', 'via', '10.203.1.2');
  router.must('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  router.must('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'v2a', '-j', 'MASQUERADE');
  await elsewhere.serve([PORT]);
  await router.serve([PORT], 5);
});

afterAll(() => {
  network.remove();
  rendered?.remove();
});

test('a host that serves a port and translates for others untracks only what is for itself', () => {
  expectDone(rendered.rules(router, 'load'));
  expect(client.fetch(ELSEWHERE, PORT)).toBe(3);
  expect(client.fetch('10.203.1.2', PORT)).toBe(5);

  // Without --dst-type LOCAL the packets would leave untranslated: this test can fail.
  const everything = ['-p', 'tcp', '-m', 'multiport', '--dports', '80', '-j', 'CT', '--notrack'];
  router.must('iptables', '-t', 'raw', '-A', 'NT-PRE-kernel-web', ...everything);
  expect(client.fetch(ELSEWHERE, PORT, 0.5)).toBe('timeout');
  expectDone(rendered.rules(router, 'load'));
  expect(client.fetch(ELSEWHERE, PORT)).toBe(3);
});
