import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { backend, Programs } from '../support/backends.ts';
import { filter } from '../support/foreign-rules.ts';
import { Guard, REFUSED, TRACKED, UNTRACKED } from '../support/guard.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { OpenConnections } from '../support/open-connections.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { connectionsOf, expectDone } from '../support/rules.ts';

requirePrograms({ ip: 'iproute2', iptables: 'iptables', nft: 'nftables', conntrack: 'conntrack' });

const PORT = 80;
const SERVER = '10.203.1.2';

/** Seconds within which a site answers again that has lost its accept rules: those of the lease, and of one more try. */
const BOUND = 5;

/**
 * How a host filters. `accepting`: load a filter with which the port can be untracked; it resets what it does not know, and
 * takes up nothing from its middle. `refusing`: one that serves the port tracked, and cannot be helped by rules of ours.
 */
interface Engine {
  readonly programs?: 'nft' | 'legacy';
  readonly rendered: () => Rendered;
  readonly accepting: (host: Host) => void;
  readonly refusing: (host: Host) => void;
  /** All rules as somebody would save them, and the same put back after a restart. */
  readonly save: (host: Host) => string;
  readonly restore: (host: Host, saved: string) => void;
  readonly flush: (host: Host) => void;
}

const OPENING = `-A INPUT -p tcp -m tcp --dport ${PORT} --tcp-flags SYN,RST,ACK,FIN SYN -m conntrack --ctstate NEW -j ACCEPT`;

function iptables(programs: 'nft' | 'legacy'): Engine {
  const load = (...lines: string[]) => {
    const head = [':INPUT DROP [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
    const rules = filter(
      ...head,
      ...lines,
      '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      OPENING,
      '-A INPUT -p tcp -j REJECT --reject-with tcp-reset',
    );
    return (host: Host) => host.restore('iptables-restore', rules);
  };
  return {
    programs,
    rendered: () => webServer('iptables', `[${PORT}]`),
    accepting: load(),
    refusing: load(`-A INPUT -p tcp --dport ${PORT} -m connlimit --connlimit-above 1000 -j DROP`),
    save: (host) => host.must('iptables-save'),
    restore: (host, saved) => host.restore('iptables-restore', saved),
    flush: (host) => {
      host.must('iptables', '-F');
      host.must('iptables', '-P', 'INPUT', 'ACCEPT');
      host.must('iptables', '-t', 'raw', '-F');
    },
  };
}

const nft: Engine = {
  rendered: () => webServer('nftables', `[${PORT}]`),
  accepting: (host) => loadNft(host, `tcp dport ${PORT} accept`),
  refusing: (host) => loadNft(host, `tcp dport ${PORT} ct state new accept`),
  save: (host) => `flush ruleset\n${host.must('nft', 'list', 'ruleset')}`,
  restore: (host, saved) => giveNft(host, saved),
  flush: (host) => host.must('nft', 'flush', 'ruleset'),
};

/** Untracked, ICMP errors belong to no connection. */
const ERRORS =
  'icmp type destination-unreachable accept; icmpv6 type { packet-too-big, nd-neighbor-solicit, nd-neighbor-advert } accept';

/** Its own table alone, so that ours stays. */
function loadNft(host: Host, line: string): void {
  const chain = `type filter hook input priority 0; policy drop; iif lo accept; ${ERRORS}; ct state established,related accept; meta l4proto tcp ct state invalid reject with tcp reset; ${line}; meta l4proto tcp reject with tcp reset`;
  giveNft(host, `table inet site\ndelete table inet site\ntable inet site {\nchain input {\n${chain}\n}\n}\n`);
}

function giveNft(host: Host, rules: string): void {
  const { code, stderr } = host.run('nft', ['-f', '-'], { input: rules });
  if (code !== 0) throw new Error(`nft: ${stderr}\n${rules}`);
}

const ENGINES = { 'iptables-nft': iptables('nft'), 'iptables-legacy': iptables('legacy'), nft };

describe.each(inCi(Object.entries(ENGINES), ['iptables-legacy', ENGINES['iptables-legacy']], ['nft', ENGINES.nft]))(
  '%s',
  (_, engine) => {
    const programs = engine.programs && backend(engine.programs);
    const rendered = engine.rendered();
    let network: Network;
    let client: Host;
    let server: Host;
    let guard: Guard;

    afterAll(() => {
      rendered.remove();
      programs?.remove();
    });

    beforeEach(async () => {
      network = new Network();
      client = network.host('client');
      server = network.host('server', programs?.path);
      network.link(client, server);
      await OpenConnections.serve(server, PORT);
      engine.accepting(server);
      guard = new Guard(server, rendered);
      await guard.says(UNTRACKED);
    });
    afterEach(() => {
      guard.kill();
      network.remove();
    });

    const isServed = async () => {
      const program = client.run('bash', [
        '-c',
        `exec 3<>/dev/tcp/${SERVER}/${PORT}; printf hello >&3; timeout 1 head -c 5 <&3`,
      ]);
      return program.stdout === 'ready';
    };

    /** Whether a new connection leaves an entry. */
    async function isTracked(): Promise<boolean> {
      server.run('conntrack', ['-F']);
      expect(await isServed()).toBe(true);
      return connectionsOf(server).length > 0;
    }

    /** Seconds until the port is served again. */
    async function untilServed(): Promise<number> {
      const start = Date.now();
      while (!(await isServed())) if (Date.now() - start > 30_000) break;
      return (Date.now() - start) / 1000;
    }

    test('nothing is tracked for as long as the guard renews the lease, and everything when it was killed', async () => {
      expect(await isTracked()).toBe(false);
      guard.kill();
      await pause(3);
      expect(await isTracked()).toBe(true);
    });

    test('who asks for the status of a guard that was killed in the midst of a look is told at once', async () => {
      guard.look();
      await expect
        .poll(() => server.must('cat', `/run/nettune-${rendered.name}.guard`), { timeout: 10_000 })
        .toMatch('looking');
      guard.kill();
      // A program that takes longer than half a minute has no exit code.
      const outcome = server.run('sh', rendered.guardCommand('status'));
      expect(outcome).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('connections are tracked: the guard does not renew the lease'),
      });
    });

    test('the filter is loaded anew, without our accept rules: the port is served at once, and untracked again when that is proven', async () => {
      engine.refusing(server);
      expect(await untilServed()).toBeLessThan(BOUND);
      await guard.says(TRACKED);
      await guard.says(REFUSED);
      expect(await isTracked()).toBe(true);
      engine.accepting(server);
      await guard.says(UNTRACKED);
      expect(await isTracked()).toBe(false);
    });

    test('the same when no guard is there to see it', async () => {
      guard.kill();
      engine.refusing(server);
      expect(await untilServed()).toBeLessThan(BOUND);
      expect(await isTracked()).toBe(true);
    });

    test('rules of ours that somebody saved do nothing when they are restored', async () => {
      const saved = engine.save(server);
      guard.kill();
      engine.flush(server);
      await pause(3);
      engine.restore(server, saved);
      await pause(3);
      expect(await isTracked()).toBe(true);
    });

    test.each([0, 1])('open connections survive the end of untracking, with tcp_loose %i', async (loose) => {
      guard.kill();
      server.must('sysctl', '-qw', `net.netfilter.nf_conntrack_tcp_loose=${loose}`);
      guard = new Guard(server, rendered);
      await guard.says(UNTRACKED);
      const connections = await OpenConnections.open(client, SERVER, PORT);
      expect(await isTracked()).toBe(false);
      await guard.stop();
      await pause(1);
      expect(await connections.states()).toEqual({ download: 'alive', upload: 'alive', idle: 'alive' });
      expect(await isTracked()).toBe(true);
    });

    test('connections that were open, and tracked, when untracking began survive its end', async () => {
      await guard.stop();
      const connections = await OpenConnections.open(client, SERVER, PORT);
      expect(connectionsOf(server)).toHaveLength(3);
      guard = new Guard(server, rendered);
      await guard.says(UNTRACKED);
      await expect.poll(() => connectionsOf(server), { timeout: 10_000 }).toEqual([]);
      await guard.stop();
      expect(await connections.states()).toEqual({ download: 'alive', upload: 'alive', idle: 'alive' });
    });

    test('open connections survive a flush of all rules, and a filter that is loaded later, with tcp_loose 0', async () => {
      guard.kill();
      server.must('sysctl', '-qw', 'net.netfilter.nf_conntrack_tcp_loose=0');
      guard = new Guard(server, rendered);
      await guard.says(UNTRACKED);
      const connections = await OpenConnections.open(client, SERVER, PORT);
      engine.flush(server);
      await guard.says(TRACKED);
      engine.accepting(server);
      expect(await connections.states()).toEqual({ download: 'alive', upload: 'alive', idle: 'alive' });
    });

    test('rules that somebody unloads beside the guard come again, and whoever connects meanwhile stays connected', async () => {
      const withUnit = new Programs(server.path).write('systemctl', `[ "$3" = nettune-${rendered.name}.service ]`);
      onTestFinished(() => withUnit.remove());
      let isOver = false;
      const unloading = server
        .runAside('env', [`PATH=${withUnit.path}`, 'sh', ...rendered.command('unload')])
        .finally(() => {
          isOver = true;
        });
      const opened: OpenConnections[] = [];
      while (!isOver) opened.push(await OpenConnections.open(client, SERVER, PORT));
      expect(await unloading).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(`nettune-${rendered.name}.service runs, and will load the rules again`),
      });
      await guard.says(TRACKED);
      const states = await Promise.all(opened.map((connections) => connections.states()));
      expect(states).toEqual(opened.map(() => ({ download: 'alive', upload: 'alive', idle: 'alive' })));
      await guard.says(UNTRACKED);
      expect(await isTracked()).toBe(false);
    });

    test('a kernel parameter that a proof rests on is changed: it is proven again', async () => {
      server.must('sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=1');
      await guard.says(TRACKED);
      await guard.says(UNTRACKED);
      expect(await isTracked()).toBe(false);
    });

    test('a loaded set of rules leaves nothing untracked by itself', async () => {
      guard.kill();
      await pause(3);
      expectDone(server.run('sh', rendered.command('load')));
      expect(await isTracked()).toBe(true);
    });
  },
);

/** Kernel parameters that a proof rests on; the device v1b has an address. */
const WATCHED: readonly string[] = [
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.v1b.rp_filter',
  'net.ipv4.conf.all.route_localnet',
  'net.ipv4.conf.v1b.route_localnet',
  'net.ipv4.ip_forward',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_timestamps',
  'net.netfilter.nf_conntrack_tcp_loose',
  'net.netfilter.nf_conntrack_tcp_be_liberal',
];

describe('what the guard compares is different', () => {
  const rendered = webServer('iptables', `[${PORT}]`);
  const network = new Network();
  const server = network.host('server');
  network.link(network.host('client'), server);
  afterAll(() => {
    network.remove();
    rendered.remove();
  });

  const fingerprint = () => server.must('sh', rendered.program, 'fingerprint', 'all');

  test.each(WATCHED)('with another %s, and the same again with the one of before', (key) => {
    const [value, before] = [server.must('sysctl', '-n', key).trim(), fingerprint()];
    server.must('sysctl', '-qw', `${key}=${value === '0' ? 1 : 0}`);
    expect(fingerprint()).not.toBe(before);
    server.must('sysctl', '-qw', `${key}=${value}`);
    expect(fingerprint()).toBe(before);
  });
});

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
