import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { nettune, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree, type Tree } from '../support/tree.ts';

const PROFILES = 3;

/** A signal may come when all files have been replaced. */
const MOST_ATTEMPTS = 5;

const FIRST = 'out/shop-0/etc/sysctl.d/90-nettune-shop-0.conf';

/** A run that is sent a signal as soon as `moment` has come. */
async function interrupt(cwd: string, signal: NodeJS.Signals, moment: () => boolean) {
  const child = spawn(process.execPath, [PROGRAM, 'render'], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = text(child.stderr);
  const ended = once(child, 'exit');
  while (child.exitCode === null && !moment()) await new Promise(setImmediate);
  child.kill(signal);
  const [, endedBy] = await ended;
  return { endedBy, said: await said };
}

it('a signal leaves every file old or new and none besides, and the next run completes it', {
  timeout: 120_000,
}, async () => {
  const names = Array.from({ length: PROFILES }, (_, index) => `shop-${index}`);
  const cwd = temporaryFolder(
    Object.fromEntries(names.map((name) => [`profiles/${name}.yaml`, `name: ${name}\nextends: ./_base.yaml\n`])),
  );
  const describeAs = (summary: string) =>
    writeFileSync(join(cwd, 'profiles/_base.yaml'), `extends: web-server\nsummary: ${summary}\n`);
  const readOut = () => readTree(join(cwd, 'out'));

  describeAs('old');
  expect(nettune(['render'], { cwd }).code).toBe(0);
  const old = readOut();
  describeAs('new');

  const folder = join(cwd, FIRST, '..');
  const early = await interrupt(cwd, 'SIGINT', () => readdirSync(folder).length > 1);
  expect(early).toEqual({
    endedBy: 'SIGINT',
    said: 'interrupted: nothing was written\n',
  });
  expect(readOut()).toEqual(old);

  const { late, before, mixed } = await interruptLate(cwd, describeAs, readOut);
  expect(nettune(['render'], { cwd }).code).toBe(0);
  const whole = readOut();

  expect(late.endedBy).toBe('SIGTERM');
  expect(late.said).toMatch(/^interrupted: \d+ of \d+ files were written, each of them whole; run it again/);
  expect(Object.keys(mixed)).toEqual(Object.keys(whole));
  const states = Object.entries(mixed).map(([path, content]) =>
    content === whole[path] ? 'new' : content === before[path] ? 'old' : `${path}: neither`,
  );
  expect(new Set(states)).toEqual(new Set(['new', 'old']));
});

/** Sends a signal when the first file has been replaced, to one run after another until that was not too late. */
async function interruptLate(cwd: string, describeAs: (summary: string) => void, readOut: () => Tree) {
  const first = join(cwd, FIRST);
  for (let attempt = 1; ; attempt += 1) {
    describeAs(`attempt ${attempt}`);
    const before = readOut();
    const { ino } = statSync(first);
    const late = await interrupt(cwd, 'SIGTERM', () => statSync(first).ino !== ino);
    if (/\d of \d/.test(late.said) || attempt === MOST_ATTEMPTS) return { late, before, mixed: readOut() };
  }
}
