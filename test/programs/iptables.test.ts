import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPorts } from '../../src/values/ports.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  'systemd-analyze': 'systemd',
});

/** More ports than one rule holds, and ranges, which count two. */
const MANY_PORTS = `[${[80, 443, '8000-8003', '9000-9003', ...Array.from({ length: 20 }, (_, index) => 10_000 + 2 * index)].join(', ')}]`;

const FOLDER = 'etc/nettune/kernel-web';

let rendered: Rendered;
let temporary: string;

beforeAll(() => {
  rendered = webServer('iptables', MANY_PORTS);
  temporary = mkdtempSync(join(tmpdir(), 'nettune-programs-'));
});
afterAll(() => {
  rendered?.remove();
  rmSync(temporary, { recursive: true, force: true });
});

function run(program: string, args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

const FILES = ['raw.rules', 'accept.rules'];
const RESTORES = ['iptables', 'ip6tables'].flatMap((program) =>
  ['nft', 'legacy'].map((kind) => `${program}-${kind}-restore`),
);

describe.each(RESTORES)('%s', (program) => {
  /** In a network namespace of its own, and for good: `--test` lets some mistakes pass. */
  const load = (rules: string) => run('unshare', ['-n', program, '--noflush'], rules);
  const tryOut = (rules: string) => run('unshare', ['-n', program, '--noflush', '--test'], rules);

  test.each(FILES)('takes %s', (file) => {
    const rules = readFileSync(rendered.at(`${FOLDER}/${file}`), 'utf8');
    expect(tryOut(rules)).toEqual({ status: 0, output: '' });
    expect(load(rules)).toEqual({ status: 0, output: '' });
  });

  test.each(FILES)('refuses %s when it is spoilt', (file) => {
    const rules = readFileSync(rendered.at(`${FOLDER}/${file}`), 'utf8');
    for (const spoilt of [
      rules.replace('--dports 80', '--dports 65536'),
      rules.replace('COMMIT', ''),
      rules.replaceAll('\n', '\r\n'),
      rules.replace('--dst-type LOCAL', '--dst-type HERE'),
    ])
      expect(tryOut(spoilt).status).not.toBe(0);
  });
});

test('the rules of any profile are taken, and iptables-save gives back the ports of the plan', () => {
  const role = {
    role: 'web-server' as const,
    squid: { intercepting: false },
    conntrack: { untracked: { served: true } },
    firewall: { filter: 'iptables' as const },
  };
  fc.assert(
    fc.property(arbitraryProfile(hostileText), (profile) => {
      const { compiled } = compileProfile({ ...profile, ...role, traffic: { ports: [80], ...profile.traffic } });
      const rules = compiled[0]?.artifacts().find(({ path }) => path.endsWith('/raw.rules'))?.content;
      const script = 'iptables-restore --noflush && iptables-save -t raw';
      const { status, output } = run('unshare', ['-n', 'sh', '-c', script], rules);
      expect(status).toBe(0);
      const incoming = output.split('\n').filter((line) => line.startsWith('-A NT-PRE-') && line.includes('--dports'));
      const ports = incoming.flatMap((line) => /--dports (\S+)/.exec(line)?.[1]?.split(',') ?? []);
      expect(ports).toEqual(formatPorts(compiled[0]?.plan.servedPorts ?? [], ':'));
      expect(
        output
          .split('\n')
          .filter(
            (line) =>
              line.startsWith('-A') && !/-j (CT --notrack|NOTRACK)$| ! --rcheck --seconds 3 .* -j RETURN$/.test(line),
          ),
      ).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('systemd-analyze takes the unit, and refuses one that is spoilt', () => {
  const text = readFileSync(rendered.at('etc/systemd/system/nettune-kernel-web.service'), 'utf8');
  const verify = (name: string, unit: string) => {
    const path = join(temporary, name);
    writeFileSync(path, unit);
    return run('systemd-analyze', ['verify', path]);
  };
  expect(verify('nettune-kernel-web.service', text)).toEqual({ status: 0, output: '' });
  const spoilt = verify('nettune-spoilt.service', text.replace('Restart=always', 'Type=once'));
  expect(spoilt.output).toContain('Failed to parse service type');
});
