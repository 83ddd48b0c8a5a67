import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BACKENDS, backend, type Programs } from '../support/backends.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { expectDone } from '../support/rules.ts';

requirePrograms({ ip: 'iproute2', ipset: 'ipset', iptables: 'iptables', nft: 'nftables', conntrack: 'conntrack' });

const RULES = 100_000;
const MEMBERS = 1_000_000;

/** Addresses one after the other, from 16.0.0.0 on. */
const address = (number: number) =>
  `${16 + (number >> 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;

/** What a proof of this profile may leave behind, apart from what it says; other tests have proofs of their own. */
const leftovers = (host: Host, profile: Rendered) => ({
  processes: host.must('sh', '-c', `pgrep -af "${profile.program} (prove|stage) " | grep -v pgrep || true`),
  files: host.must('sh', '-c', 'ls -A /run/nettune 2>/dev/null || true'),
  rules: host.must('sh', '-c', 'iptables-save | grep ^-A | cksum'),
});

describe.each(inCi(BACKENDS, 'nft'))('a proof beside iptables-%s', (kind) => {
  let programs: Programs;
  let profile: Rendered;
  let network: Network;
  let host: Host;

  beforeAll(() => {
    programs = backend(kind);
    profile = webServer('iptables');
  });
  afterAll(() => {
    programs?.remove();
    profile?.remove();
  });
  beforeEach(() => {
    network = new Network();
    host = network.host('server', programs.path);
    network.link(network.host('client'), host);
  });
  afterEach(() => network.remove());

  const ban = (count: number) => Array.from({ length: count }, (_, number) => `-A INPUT -s ${address(number)} -j DROP`);

  test(`of ${RULES.toLocaleString('en')} bans tries a sample, says so, and leaves nothing behind`, async () => {
    host.restore('iptables-restore', `*filter\n${ban(RULES).join('\n')}\nCOMMIT\n`);
    const before = leftovers(host, profile);
    // Longer than `rules` waits.
    expect(await host.runAside('sh', profile.command('load'))).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/of the 100000 rules like `-A INPUT -s \S+ -j DROP` the proof tries 21\n/),
    });
    expectDone(await host.runAside('sh', profile.command('unload')));
    expect(leftovers(host, profile)).toEqual(before);
  });

  test(`beside a set of ${MEMBERS.toLocaleString('en')} members is right, and tries a sample`, async () => {
    const members = Array.from({ length: MEMBERS }, (_, number) => `add banned ${address(number)}`);
    const create = `create banned hash:ip maxelem ${MEMBERS}`;
    host.run('ipset', ['restore'], { input: `${[create, ...members].join('\n')}\n` });
    host.restore('iptables-restore', '*filter\n-A INPUT -m set --match-set banned src -j DROP\nCOMMIT\n');
    expect(await host.runAside('sh', profile.command('load'))).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('of the 1000000 members of set banned the proof tries 24\n'),
    });
    expectDone(profile.rules(host, 'unload'));
  });

  test('that is killed half-way leaves nothing behind', async () => {
    host.restore('iptables-restore', `*filter\n${ban(30).join('\n')}\nCOMMIT\n`);
    const before = leftovers(host, profile);
    const started = host.start('sh', ...profile.command('load'));
    await expect.poll(() => leftovers(host, profile).processes, { timeout: 20_000 }).toContain('nettune-host stage ');
    started.kill('SIGKILL');
    host.run('pkill', ['-KILL', '-f', `${profile.program} prove `]);
    await expect.poll(() => leftovers(host, profile), { timeout: 20_000 }).toEqual(before);
  });
});
