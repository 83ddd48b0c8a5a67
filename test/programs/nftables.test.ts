import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPorts } from '../../src/values/ports.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';

requirePrograms({
  unshare: 'util-linux',
  nft: 'nftables',
  iptables: 'iptables',
  'systemd-analyze': 'systemd',
});

const FOLDER = 'etc/nettune/kernel-web';
let rendered: Rendered;
let ufw: Rendered;

beforeAll(() => {
  rendered = webServer('nftables', '[80, 443, 8000-8003]');
  ufw = webServer('ufw', '[80, 443, 8000-8003]');
});
afterAll(() => {
  for (const each of [rendered, ufw]) each?.remove();
});

function run(program: string, args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

const isolated = (program: string, args: readonly string[], input: string) =>
  run('unshare', ['-n', program, ...args], input);
const read = (file: string) => readFileSync(rendered.at(`${FOLDER}/${file}`), 'utf8');

describe('nft', () => {
  const tryOut = (rules: string) => isolated('nft', ['-c', '-f', '-'], rules);

  test('takes the table, again and again, and refuses it when it is spoilt', () => {
    const table = read('rules.nft');
    expect(tryOut(table)).toEqual({ status: 0, output: '' });
    expect(isolated('nft', ['-f', '-'], table + table)).toEqual({ status: 0, output: '' });
    for (const [right, wrong] of [
      ['{ 80', '{ 65536'],
      ['notrack', 'untrack'],
      ['daddr type local', 'daddr type here'],
    ] as const)
      expect(isolated('nft', ['-f', '-'], table.replaceAll(right, wrong)).status, wrong).not.toBe(0);
  });

  test.each(['inet', 'ip', 'ip6'])('takes the lines to be included in a table of the family %s', (family) => {
    const chain = (hook: string, ...kinds: readonly string[]) =>
      `chain ${hook} {\ntype filter hook ${hook} priority 0\n${kinds.map((kind) => `include "${rendered.at(`${FOLDER}/accept-${kind}*.nft`)}"`).join('\n')}\n}\n`;
    const table = `table ${family} mine {\n${chain('input', 'established', 'new')}${chain('output', 'answers')}}\n`;
    const { status, output } = isolated('sh', ['-c', 'nft -f - && nft list ruleset'], table);
    expect(status, output).toBe(0);
    expect(output.match(/ct state untracked accept/g)).toHaveLength(7);
    expect(isolated('nft', ['-f', '-'], table.replaceAll('accept-', 'gone-'))).toEqual({ status: 0, output: '' });
  });
});

test.each([
  ['iptables', 'before'],
  ['ip6tables', 'before6'],
])('%s takes the lines for the file %s.rules of ufw', (program, file) => {
  const lines = readFileSync(ufw.at(`${FOLDER}/ufw-${file}.rules`), 'utf8');
  const chains = ['input', 'output'].map((hook) => `:ufw${file.slice(6)}-before-${hook} - [0:0]\n`).join('');
  expect(isolated(`${program}-restore`, [], `*filter\n${chains}${lines}COMMIT\n`)).toEqual({ status: 0, output: '' });
});

test('the table of any profile is taken, and nft lists the ports of the plan', () => {
  const role = {
    role: 'web-server' as const,
    host: { distribution: 'debian-12', memory: '16GiB' },
    squid: { intercepting: false },
    firewall: { filter: 'nftables' as const },
    conntrack: { untracked: { served: true } },
  };
  fc.assert(
    fc.property(arbitraryProfile(hostileText), (profile) => {
      const { compiled } = compileProfile({ ...profile, ...role, traffic: { ports: [80], ...profile.traffic } });
      const table = compiled[0]?.artifacts().find(({ path }) => path.endsWith('/rules.nft'))?.content;
      const { status, output } = isolated('sh', ['-c', 'nft -f - && nft list ruleset'], table ?? '');
      expect(status, output).toBe(0);
      const listed = /tcp dport (?:\{ )?([^}]*?)(?: \})? fib daddr type local notrack/.exec(output)?.[1];
      expect(listed?.split(', ')).toEqual(formatPorts(compiled[0]?.plan.servedPorts ?? []));
    }),
    { numRuns: 40 },
  );
});

test('systemd-analyze takes the unit', () => {
  const unit = rendered.at('etc/systemd/system/nettune-kernel-web.service');
  expect(run('systemd-analyze', ['verify', unit])).toEqual({ status: 0, output: '' });
});
