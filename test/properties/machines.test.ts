import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { compileBytes } from '../support/compile-profile.ts';

const CHOOSER = join(CHECKOUT, 'templates/host/parts/choose-machine.awk');

const DISTRIBUTIONS = ['debian-12', 'debian-13', 'rhel-9'] as const;

const arbitraryMachine = fc.record({
  distribution: fc.constantFrom(...DISTRIBUTIONS),
  memoryGiB: fc.integer({ min: 2, max: 64 }),
});

/** Kinds of machines that differ, and a host that may be one of them. */
const arbitraryFleet = fc.record({
  machines: fc.uniqueArray(arbitraryMachine, {
    minLength: 2,
    maxLength: 6,
    selector: ({ distribution, memoryGiB }) => `${distribution} ${memoryGiB}`,
  }),
  memoryMiB: fc.array(fc.integer({ min: 1024, max: 80 * 1024 }), { minLength: 3, maxLength: 3 }),
});

/** What a host with Debian 12 chooses, as nettune-host does; the names of machines, by the list that was rendered. */
function choose(list: string, memoryMiB: number): string[] {
  const host = {
    architecture: 'x86_64',
    family: 'Debian',
    distribution: 'Debian',
    major: '12',
    kernel: '6.1.0-37-amd64',
  };
  const env = { ...process.env, ...host, is_live: '1', memory: `${memoryMiB}` };
  return execFileSync('awk', ['-f', CHOOSER], { input: list, env, encoding: 'utf8' }).split('\n').filter(Boolean);
}

/** In GiB, by the machine's name; 0 for a host that none fits. */
function chooseSize(list: string, memoryMiB: number): number {
  const [chosen, ...others] = choose(list, memoryMiB);
  expect(others).toEqual([]);
  return chosen === undefined ? 0 : Number(/^debian-12-(\d+)GiB$/.exec(chosen)?.[1]);
}

function renderList(machines: readonly { distribution: string; memoryGiB: number }[]): string {
  const hosts = machines.map(
    ({ distribution, memoryGiB }) => `{ distribution: ${distribution}, memory: ${memoryGiB}GiB }`,
  );
  const text = `extends: web-server\nname: shop\nhosts: [${hosts.join(', ')}]\n`;
  const { compiled } = compileBytes(new TextEncoder().encode(text));
  expect(compiled).toHaveLength(machines.length);
  return compiled[0]?.artifacts().find(({ path }) => path === 'shop/plan')?.content ?? '';
}

describe('any machines in hosts', () => {
  it('give a host one plan or none, that of the largest machine that it has the memory for, and a larger host no smaller one', () => {
    fc.assert(
      fc.property(arbitraryFleet, ({ machines, memoryMiB }) => {
        const list = renderList(machines);
        const fitting = machines.flatMap(({ distribution, memoryGiB }) =>
          distribution === 'debian-12' ? [memoryGiB] : [],
        );
        const sizes = memoryMiB.sort((one, other) => one - other).map((memory) => chooseSize(list, memory));
        for (const [index, size] of sizes.entries()) {
          const memoryGiB = (memoryMiB[index] ?? 0) / 1024;
          expect([0, ...fitting]).toContain(size);
          // At least what the host has whole, always; a third more than it has, never.
          expect(size).toBeGreaterThanOrEqual(Math.max(0, ...fitting.filter((each) => each <= memoryGiB)));
          expect(size).toBeLessThan(memoryGiB / 0.75);
        }
        expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
      }),
      { numRuns: 20 },
    );
  });

  it('get the files of a profile for each of them alone, whatever lies once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 64 }), { minLength: 2, maxLength: 4 }), (sizes) => {
        const compileText = (host: string) =>
          compileBytes(new TextEncoder().encode(`extends: web-server\nname: shop\n${host}\n`)).compiled;
        const several = compileText(`hosts: [${sizes.map((size) => `{ memory: ${size}GiB }`).join(', ')}]`);
        sizes.forEach((size, index) => {
          const [alone] = compileText(`host: { memory: ${size}GiB }`);
          const own = several[index]?.artifacts() ?? [];
          const onHost = (files: typeof own) =>
            new Map(
              files.flatMap(({ path, content, mode }) => {
                const place = path.replace(/^shop\/(machines\/[^/]+\/)?/, '');
                return place.startsWith('etc/') ? [[place, { content, mode }] as const] : [];
              }),
            );
          expect(onHost(own)).toEqual(onHost(alone?.artifacts() ?? []));
        });
      }),
      { numRuns: 10 },
    );
  });
});
