import { describe, expect, it } from 'vitest';
import {
  connectionHashEntries,
  defaultOrphans,
  defaultSynBacklog,
  defaultTimeWaitSockets,
} from '../../src/parameters/tcp-hash.ts';
import type { Machine } from '../../src/values/host.ts';
import { parseKernelVersion } from '../../src/values/kernel-version.ts';

function machine(kernel: string, memoryMiB: number, redhat?: string): Machine {
  return {
    kernel: parseKernelVersion(kernel),
    ...(redhat ? { redhat } : {}),
    memoryBytes: memoryMiB * 2 ** 20,
    architecture: { name: '', bits: 64, pageBytes: 4096 },
  };
}

const sizes = (each: Machine) =>
  [connectionHashEntries(each), defaultTimeWaitSockets(each), defaultSynBacklog(each)].join('/');

/** Worked out by hand from the kernel's own calculation of each era: hash entries / TIME_WAIT sockets / SYN backlog. */
describe('defaults that follow the table of TCP connections, by memory', () => {
  it.each`
    memoryMiB | k2637                   | k418                    | k61
    ${1000}   | ${'131072/65536/512'}   | ${'8192/4096/128'}      | ${'8192/4096/128'}
    ${4096}   | ${'524288/262144/2048'} | ${'32768/16384/128'}    | ${'32768/16384/256'}
    ${16384}  | ${'524288/262144/2048'} | ${'131072/65536/512'}   | ${'131072/65536/1024'}
    ${24576}  | ${'524288/262144/2048'} | ${'262144/131072/1024'} | ${'262144/131072/2048'}
    ${65536}  | ${'524288/262144/2048'} | ${'524288/262144/2048'} | ${'524288/262144/4096'}
  `('$memoryMiB MiB', ({ memoryMiB, k2637, k418, k61 }) => {
    expect(['2.6.37', '4.18', '6.1'].map((kernel) => sizes(machine(kernel, memoryMiB)))).toEqual([k2637, k418, k61]);
  });

  it('2.6.18 has fixed ones from 256 MiB on, and Red Hat 6 those of a later kernel', () => {
    expect(defaultTimeWaitSockets(machine('2.6.18', 4096))).toBe(180000);
    expect(defaultSynBacklog(machine('2.6.18', 4096))).toBe(1024);
    expect([defaultSynBacklog(machine('2.6.18', 128)), defaultOrphans(machine('2.6.18', 4096))]).toEqual([
      undefined,
      undefined,
    ]);
    expect(sizes(machine('2.6.32', 4096, '6'))).toBe('524288/262144/2048');
  });
});
