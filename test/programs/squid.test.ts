import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { writeSquidConfig } from '../support/squid.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What Squid says of a configuration; it understands a wrong directive as a warning or an error, and exits with 0 or 1. */
function parse(config: string) {
  const { status, stderr } = spawnSync('/usr/sbin/squid', ['-k', 'parse', '-f', config], { encoding: 'utf8' });
  return {
    status,
    faults: stderr.split('\n').filter((line) => /WARNING|ERROR|FATAL|unrecognized/i.test(line)),
    stderr,
  };
}

describe('Squid', () => {
  it('accepts the snippet of any proxy, and reads each directive from it', () => {
    const folder = temporaryFolder();
    const snippet = join(folder, 'snippet.conf');
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        const { allow: _, sysctl: __, squid: ___, ...harmless } = profile; // whose values may be refused, and then nothing is rendered
        const [compiled] = compileProfile({ ...harmless, role: 'squid-proxy' }).compiled;
        const artifact = compiled?.artifacts().find(({ output }) => output === 'squid');
        writeFileSync(snippet, artifact?.content ?? '');
        const { status, faults, stderr } = parse(writeSquidConfig(folder, snippet));
        expect({ status, faults }).toEqual({ status: 0, faults: [] });
        const directives = (artifact?.content ?? '').split('\n').filter((line) => /^\w/.test(line));
        expect(directives).toHaveLength(3);
        for (const directive of directives) expect(stderr).toContain(`Processing: ${directive}`);
      }),
      { numRuns: 25 },
    );
  });

  it('of today still takes what is written for 2.6', () => {
    const folder = temporaryFolder();
    const snippet = join(folder, 'snippet.conf');
    const host = { distribution: 'centos-5', memory: '4GiB' };
    const { compiled } = compileProfile({ name: 'old', role: 'squid-proxy', host, traffic: { ports: [3128] } });
    const artifact = compiled[0]?.artifacts().find(({ output }) => output === 'squid');
    writeFileSync(snippet, artifact?.content ?? '');
    const { status, faults, stderr } = parse(writeSquidConfig(folder, snippet));
    expect({ status, faults }).toEqual({ status: 0, faults: [] });
    expect(stderr).toMatch(/Processing: max_filedesc \d+/);
  });

  it('says so when a directive is wrong: this test would see it', () => {
    const folder = temporaryFolder({ 'snippet.conf': 'max_filedescriptor 100\n' });
    expect(parse(writeSquidConfig(folder, join(folder, 'snippet.conf'))).faults).not.toEqual([]);
  });
});
