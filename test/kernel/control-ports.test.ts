import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({ ip: 'iproute2', iptables: 'iptables', curl: 'curl', vsftpd: 'vsftpd', ss: 'iproute2' });

const SERVER = '10.203.1.2';
const PAGE = 'three lines\n'.repeat(3);
const FTP_SERVER =
  'listen=YES\nbackground=NO\nanonymous_enable=YES\nseccomp_sandbox=NO\npasv_min_port=40000\npasv_max_port=40010\n';

const HELPER = '-A PREROUTING -p tcp --dport 21 -j CT --helper ftp';
const UNTRACKED = '-A PREROUTING -p tcp --dport 21 -j CT --notrack\n-A OUTPUT -p tcp --sport 21 -j CT --notrack';
const BY_NUMBER = '-A INPUT -p tcp --dport 40000:40010 -j ACCEPT';

let network: Network;
let client: Host;
let server: Host;
let folder: string;

/** What the check `control-ports-stay-tracked` says of FTP: of each statement a test. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nettune-ftp-'));
  chmodSync(folder, 0o755); // vsftpd's anonymous user reads it
  writeFileSync(join(folder, 'page'), PAGE);
  writeFileSync(join(folder, 'vsftpd.conf'), `anon_root=${folder}\n${FTP_SERVER}`);
  network = new Network();
  client = network.host('client');
  server = network.host('server');
  network.link(client, server);
  server.must('mkdir', '-p', '/run/vsftpd/empty');
  server.start('vsftpd', join(folder, 'vsftpd.conf'));
  await vi.waitFor(() => expect(server.must('ss', '-Hlnt', 'sport = 21')).not.toBe(''), 10_000);
});

afterAll(() => {
  network?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The server's filter accepts what opens a connection to port 21, and what belongs to one; untracked packets too. */
function filter(raw: string, more = ''): void {
  server.restore(
    'iptables-restore',
    `*raw
${raw}
COMMIT
*filter
:INPUT DROP
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp --dport 21 -j ACCEPT
${more}
COMMIT
`,
  );
}

const curl = (path: string, ...options: readonly string[]) =>
  client.run('curl', ['-s', '--max-time', '4', ...options, `ftp://${SERVER}/${path}`]);

it('tracked, with its helper, passive FTP gets through', () => {
  filter(HELPER);
  expect(curl('page').stdout).toBe(PAGE);
});

it('untracked, clients log in, and their transfers hang', () => {
  filter(`${HELPER}\n${UNTRACKED}`);
  expect(curl('', '--head').code).toBe(0);
  expect(curl('page').stdout).toBe('');
});

it('untracked, nothing is lost where the filter accepts the passive ports by number', () => {
  filter(UNTRACKED, BY_NUMBER);
  expect(curl('page').stdout).toBe(PAGE);
});
