import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';
import { expectDone } from '../support/rules.ts';

requirePrograms({
  ip: 'iproute2',
  iptables: 'iptables',
  nft: 'nftables',
  sysctl: 'procps',
  curl: 'curl',
  conntrack: 'conntrack',
  python3: 'python3',
  vsftpd: 'vsftpd',
  ss: 'iproute2',
});

const SERVER = '10.203.2.2';
const WORLD = 'v2a';
const CALL = fileURLToPath(new URL('../support/sip-call.py', import.meta.url));

const PAGE = 'three lines\n'.repeat(3);
const FTP_SERVER = 'listen=YES\nbackground=NO\nanonymous_enable=YES\nseccomp_sandbox=NO\n';

let network: Network;
let client: Host;
let gateway: Host;
let server: Host;
let rendered: Rendered | undefined;
let folder: string;

/**
 * client ── gateway ── server in the world, which knows the gateway's address only. The gateway lets out what comes from
 * inside, and in what belongs to it: so an FTP server's own connection to the client passes only if somebody has read, in the
 * other connection, that they agreed on it, and has translated the address in it.
 */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nettune-ftp-'));
  chmodSync(folder, 0o755); // vsftpd's anonymous user reads it
  writeFileSync(join(folder, 'page'), PAGE);
  writeFileSync(join(folder, 'vsftpd.conf'), `anon_root=${folder}\n${FTP_SERVER}`);
  network = new Network();
  client = network.host('client');
  gateway = network.host('gateway');
  server = network.host('server');
  network.link(client, gateway);
  network.link(gateway, server);
  client.must('ip', 'route', 'add', 'default', 'via', '10.203.1.2');
  gateway.must('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  gateway.restore('iptables-restore', FILTER);
  // It shuts its anonymous user in there.
  server.must('mkdir', '-p', '/run/vsftpd/empty');
  server.start('vsftpd', join(folder, 'vsftpd.conf'));
  server.start('python3', CALL, 'answer', SERVER);
  for (const port of [21, 5060])
    await vi.waitFor(() => expect(server.must('ss', '-Hlntu', `sport = ${port}`)).not.toBe(''), 10_000);
});

afterEach(() => {
  if (rendered) expectDone(rendered.rules(gateway, 'unload'));
  rendered?.remove();
  rendered = undefined;
  gateway.must('conntrack', '-F'); // an entry keeps the helper that it began with
});
afterAll(() => {
  network?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const FILTER = `*filter
:INPUT ACCEPT
:FORWARD DROP
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i v1b -j ACCEPT
COMMIT
*nat
-A POSTROUTING -o ${WORLD} -j MASQUERADE
COMMIT
`;

/** The server opens the data connection, as clients had it before passive mode. */
const fetchActively = (host: Host): string =>
  host.run('curl', ['-s', '--max-time', '5', '--disable-eprt', '-P', '-', `ftp://${SERVER}/page`]).stdout;

const call = (host: Host): string => host.must('python3', CALL, 'call', '10.203.1.1', SERVER).trim();

function load(profile: string): void {
  rendered = new Rendered('kernel-gateway', `extends: nat-gateway\n${profile}`);
  expectDone(rendered.rules(gateway, 'load'));
  expectDone(rendered.rules(gateway, 'status'));
}

it('without a helper neither the data of active FTP nor the voice of a call come in', () => {
  expect(fetchActively(client)).toBe('');
  expect(call(client)).toBe('silence');
});

describe.each(['iptables', 'nftables'])('with helpers, assigned by %s', (filter) => {
  it('data comes in for FTP, and no voice while SIP is not named', () => {
    load(`firewall: { filter: ${filter} }\ngateway: { wan: [${WORLD}], helpers: [ftp] }\n`);
    expect(fetchActively(client)).toBe(PAGE);
    expect(call(client)).toBe('silence');
  });

  it('a voice comes in, to an address that was translated in what the caller said', () => {
    load(`firewall: { filter: ${filter} }\ngateway: { wan: [${WORLD}], helpers: [sip] }\n`);
    expect(call(client)).toBe('voice for 10.203.2.1');
    expect(fetchActively(client)).toBe('');
  });

  it('nothing comes in when the client is on an outer interface', () => {
    load(`firewall: { filter: ${filter} }\ngateway: { wan: [v1b], helpers: [ftp] }\n`);
    expect(fetchActively(client)).toBe('');
  });

  it('nothing comes in any more when the rules are gone', () => {
    load(`firewall: { filter: ${filter} }\ngateway: { wan: [${WORLD}], helpers: [ftp] }\n`);
    expect(fetchActively(client)).toBe(PAGE);
    expectDone((rendered as Rendered).rules(gateway, 'unload'));
    expect(fetchActively(client)).toBe('');
  });
});

describe('beside rules of others in the raw table', () => {
  const ofOthers = ['-t', 'raw', '-A', 'PREROUTING'];
  const PROFILE = `firewall: { filter: iptables }\ngateway: { wan: [${WORLD}], helpers: [ftp] }\n`;

  afterEach(() => {
    gateway.must('iptables', '-t', 'raw', '-F', 'PREROUTING');
    gateway.must('iptables', '-t', 'raw', '-F', 'OUTPUT');
  });

  it.each([
    ['a zone for all that comes in', ['-j', 'CT', '--zone', '5']],
    ['what is left untracked on the same port', ['-p', 'tcp', '--dport', '20:21', '-j', 'NOTRACK']],
  ])('%s would lose its effect: nothing is loaded', (_, rule) => {
    gateway.must('iptables', ...ofOthers, ...rule);
    rendered = new Rendered('kernel-gateway', `extends: nat-gateway\n${PROFILE}`);
    const { code, stderr } = rendered.rules(gateway, 'load');
    expect(stderr).toContain(
      'rule 1 of chain PREROUTING in the raw table would no longer count for what a helper reads',
    );
    expect(code).toBe(1);
    expect(gateway.must('iptables-save', '-t', 'raw')).not.toContain('NT-PRE');
  });

  it.each([
    ['for another port', ['-p', 'tcp', '--dport', '80', '-j', 'NOTRACK']],
    ['for another protocol', ['-p', 'udp', '-j', 'NOTRACK']],
    ['for what comes from the world', ['-i', WORLD, '-j', 'CT', '--zone', '5']],
  ])('one %s is no obstacle', (_, rule) => {
    gateway.must('iptables', ...ofOthers, ...rule);
    load(PROFILE);
  });
});
