import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import {
  defaultBuckets,
  defaultEntries,
  memoryRuleEntries,
  roundBuckets,
  tableBytes,
} from '../../src/sizing/kernel-table.ts';
import type { Host } from '../../src/values/host.ts';
import { parseKernelVersion } from '../../src/values/kernel-version.ts';
import { callNettune } from '../support/call-nettune.ts';
import { temporaryFolder } from '../support/temporary.ts';

const MIB = 2 ** 20;

function host(kernel: string, memoryMiB: number, bits: 32 | 64 = 64): Host {
  const [distribution] = DISTRIBUTIONS;
  if (!distribution) throw new Error('there is no distribution');
  return {
    distribution,
    kernel: parseKernelVersion(kernel),
    memoryBytes: memoryMiB * MIB,
    architecture: { name: '', bits, pageBytes: 4096 },
  };
}

/** Worked out by hand from the kernel's own calculation of each era: buckets / entries. */
describe("the kernel's own size of the connection table, by memory", () => {
  it.each`
    memoryMiB | k2618           | k2632            | k310             | k512              | k61
    ${256}    | ${'1024/8192'}  | ${'2048/8192'}   | ${'2048/8192'}   | ${'2048/8192'}    | ${'2048/2048'}
    ${512}    | ${'2048/16384'} | ${'4096/16384'}  | ${'4096/16384'}  | ${'4096/16384'}   | ${'4096/4096'}
    ${1000}   | ${'4000/32000'} | ${'8192/32000'}  | ${'8192/32000'}  | ${'8192/32768'}   | ${'8192/8192'}
    ${1024}   | ${'4096/32768'} | ${'8192/32768'}  | ${'8192/32768'}  | ${'8192/32768'}   | ${'8192/8192'}
    ${2048}   | ${'8192/65536'} | ${'16384/65536'} | ${'16384/65536'} | ${'16384/65536'}  | ${'65536/65536'}
    ${4096}   | ${'8192/65536'} | ${'16384/65536'} | ${'16384/65536'} | ${'16384/65536'}  | ${'65536/65536'}
    ${8192}   | ${'8192/65536'} | ${'16384/65536'} | ${'16384/65536'} | ${'65536/262144'} | ${'262144/262144'}
  `('$memoryMiB MiB', ({ memoryMiB, k2618, k2632, k310, k512, k61 }) => {
    const sizes = ['2.6.18', '2.6.32', '3.10', '5.12', '6.1'].map(
      (kernel) => `${defaultBuckets(host(kernel, memoryMiB))}/${defaultEntries(host(kernel, memoryMiB))}`,
    );
    expect(sizes).toEqual([k2618, k2632, k310, k512, k61]);
  });
});

/** A kernel that nobody has read has the larger number of those on either side: 5.12 and 5.15. */
it.each`
  memoryMiB | read              | unread
  ${512}    | ${'4096/16384'}   | ${'4096/16384'}
  ${2048}   | ${'16384/65536'}  | ${'65536/65536'}
  ${8192}   | ${'65536/262144'} | ${'262144/262144'}
`('the larger table of both sides, with $memoryMiB MiB', ({ memoryMiB, read, unread }) => {
  const sizes = ['5.12', '5.14'].map(
    (kernel) => `${defaultBuckets(host(kernel, memoryMiB))}/${defaultEntries(host(kernel, memoryMiB))}`,
  );
  expect(sizes).toEqual([read, unread]);
});

/** Buckets of 8 bytes fill pages: 512 those of 4 KiB, 8,192 those of 64 KiB. Planned is what the host prints afterwards. */
describe('buckets by the pages of a kernel', () => {
  it.each`
    distribution      | architecture | memory      | buckets      | planned
    ${'rhel-8'}       | ${'x86_64'}  | ${'1GiB'}   | ${'20000'}   | ${20480}
    ${'rhel-8'}       | ${'aarch64'} | ${'1GiB'}   | ${'20000'}   | ${24576}
    ${'rocky-8'}      | ${'aarch64'} | ${'1GiB'}   | ${'20000'}   | ${24576}
    ${'centos-7'}     | ${'aarch64'} | ${'1GiB'}   | ${'20000'}   | ${24576}
    ${'rhel-9'}       | ${'aarch64'} | ${'1GiB'}   | ${'20000'}   | ${20480}
    ${'debian-12'}    | ${'aarch64'} | ${'1GiB'}   | ${'20000'}   | ${20480}
    ${'ubuntu-24.04'} | ${'aarch64'} | ${'1GiB'}   | ${'20000'}   | ${20480}
    ${'rhel-8'}       | ${'x86_64'}  | ${'600MiB'} | ${undefined} | ${5120}
    ${'rhel-8'}       | ${'aarch64'} | ${'600MiB'} | ${undefined} | ${8192}
  `(
    '$distribution $architecture $memory $buckets',
    async ({ distribution, architecture, memory, buckets, planned }) => {
      const profile = [
        'name: small',
        'role: web-server',
        `host: { distribution: ${distribution}, architecture: ${architecture}, memory: ${memory} }`,
        'firewall: { filter: none }',
        'traffic: { ports: [80], connectionsPerSecond: 1 }',
        ...(buckets ? [`conntrack: { buckets: ${buckets} }`] : []),
      ].join('\n');
      const cwd = temporaryFolder({ 'small.yaml': `${profile}\n` });
      const { stdout } = await callNettune(['explain', 'small.yaml', 'hashsize', '--format', 'json'], { cwd });
      expect(JSON.parse(stdout).profiles[0].decisions[0].value).toBe(planned);
      await callNettune(['render', 'small.yaml', '-o', 'out'], { cwd });
      const plan = readFileSync(join(cwd, 'out/small/plan'), 'utf8');
      expect(plan).toContain(`value /sys/module/nf_conntrack/parameters/hashsize ${planned}\n`);
    },
  );
});

describe('arithmetic', () => {
  it("Red Hat's 3.10 has the step at 4 GiB that mainline got in 4.0, and rounds before it multiplies", () => {
    const sizes = (memoryMiB: number) => {
      const rhel7 = { ...host('3.10', memoryMiB), redhat: '7' };
      return `${defaultBuckets(rhel7)}/${defaultEntries(rhel7)}`;
    };
    expect([1000, 4000, 8192].map(sizes)).toEqual(['8192/32768', '16384/65536', '65536/262144']);
  });

  it('the memory rule: 1 GiB on 32 bits is 65,536 entries, on 64 bits half of that', () => {
    expect(memoryRuleEntries(host('2.6.18', 1024, 32))).toBe(65536);
    expect(memoryRuleEntries(host('6.1', 1024))).toBe(32768);
  });

  it('buckets fill pages: 512 of 8 bytes on 64 bits, 1,024 of 4 bytes on 32; nothing is rounded before 2.6.23', () => {
    expect(roundBuckets(1000, host('6.1', 1024))).toBe(1024);
    expect(roundBuckets(513, host('6.1', 1024))).toBe(1024);
    expect(roundBuckets(513, host('6.1', 1024, 32))).toBe(1024);
    expect(roundBuckets(513, host('2.6.18', 1024))).toBe(513);
  });

  it.each`
    kernel      | bits  | bytes
    ${'2.6.18'} | ${32} | ${232}
    ${'2.6.18'} | ${64} | ${304}
    ${'2.6.32'} | ${32} | ${248 + 128}
    ${'2.6.32'} | ${64} | ${304 + 128}
    ${'4.9'}    | ${64} | ${320 + 128}
    ${'6.1'}    | ${32} | ${248 + 128}
    ${'6.1'}    | ${64} | ${256 + 128}
  `('an entry of $kernel on $bits bits takes $bytes bytes', ({ kernel, bits, bytes }) => {
    expect(tableBytes(host(kernel, 1024, bits), 1, 0)).toBe(bytes);
  });

  it('a million entries on 6.1 take 256 + 128 bytes each, and 8 for each bucket', () => {
    expect(tableBytes(host('6.1', 65536), 2 ** 20, 2 ** 20)).toBe(2 ** 20 * (256 + 128 + 8));
  });
});
