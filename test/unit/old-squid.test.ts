import { describe, expect, it } from 'vitest';
import { listForeignLines } from '../../src/deploy/foreign-lines.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { refusedLines } from '../support/old-squid.ts';

const HOSTS = { '2.6': 'centos-5', '3.1': 'centos-6' } as const;

/** Our snippet, if squid.conf has a line that reads it, and what squid.conf itself is to have. */
function whatSquidReads(distribution: string): string[] {
  const { compiled } = compileProfile({
    name: 'cache',
    role: 'squid-proxy',
    host: { distribution, memory: '4GiB' },
    traffic: { ports: [3128], connectionsPerSecond: 100 },
  });
  const [{ plan, artifacts } = { plan: undefined, artifacts: undefined }] = compiled;
  if (!plan) throw new Error('the profile is not valid');
  const lines = listForeignLines(plan).filter(({ path }) => path === 'etc/squid/squid.conf');
  const snippet = artifacts().find(({ output }) => output === 'squid');
  const isRead = lines.some(({ line }) => line === `include /${snippet?.path.replace('cache/', '')}`);
  return [...lines.map(({ line }) => line), ...(isRead ? (snippet?.content.split('\n') ?? []) : [])];
}

describe.each(['2.6', '3.1'] as const)('Squid %s', (version) => {
  it('understands every line that it reads of ours, and reads its descriptors among them', () => {
    const lines = whatSquidReads(HOSTS[version]);
    expect(refusedLines(version, lines)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('max_filedesc'))).toHaveLength(1);
  });
});

it('Squid 2.6 does not understand what 3.1 reads: the test above would see it', () => {
  expect(refusedLines('2.6', whatSquidReads('centos-6')).map((line) => line.split(' ')[0])).toEqual([
    'include',
    'max_filedescriptors',
  ]);
});
