import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { nettune, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree, type Tree } from '../support/tree.ts';

const PROFILES = 3;

/** A signal may come when it is too late for it. */
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

/** Sends a signal to one run after another, each of which has every file to write, until it came in time. */
async function interruptInTime(cwd: string, signal: NodeJS.Signals, listen: () => () => boolean, inTime: RegExp) {
  for (let attempt = 1; ; attempt += 1) {
    summarize(cwd, `${signal} ${attempt}`);
    const before = readOut(cwd);
    const { endedBy, said } = await interrupt(cwd, signal, listen());
    if (inTime.test(said) || attempt === MOST_ATTEMPTS) return { endedBy, said, before, after: readOut(cwd) };
  }
}

const readOut = (cwd: string): Tree => readTree(join(cwd, 'out'));

/** Says in the base of all profiles what stands in every file. */
function summarize(cwd: string, summary: string): void {
  writeFileSync(join(cwd, 'profiles/_base.yaml'), `extends: web-server\nsummary: ${summary}\n`);
}

function rendered(): string {
  const names = Array.from({ length: PROFILES }, (_, index) => `shop-${index}`);
  const cwd = temporaryFolder(
    Object.fromEntries(names.map((name) => [`profiles/${name}.yaml`, `name: ${name}\nextends: ./_base.yaml\n`])),
  );
  summarize(cwd, 'old');
  expect(nettune(['render'], { cwd }).code).toBe(0);
  return cwd;
}

describe('a signal', { timeout: 120_000 }, () => {
  it('leaves every file old while the new ones are written beside them', async () => {
    const cwd = rendered();
    const folder = join(cwd, FIRST, '..');
    const listen = () => () => readdirSync(folder).length > 1;
    const { endedBy, said, before, after } = await interruptInTime(cwd, 'SIGINT', listen, /nothing/);
    expect({ endedBy, said }).toEqual({
      endedBy: 'SIGINT',
      said: 'interrupted: nothing was written\n',
    });
    expect(after).toEqual(before);
  });

  it('leaves every file old or new and none besides, and the next run completes it', async () => {
    const cwd = rendered();
    const first = join(cwd, FIRST);
    const listen = () => {
      const { ino } = statSync(first);
      return () => statSync(first).ino !== ino;
    };
    const { endedBy, said, before, after } = await interruptInTime(cwd, 'SIGTERM', listen, /\d of \d/);
    expect(nettune(['render'], { cwd }).code).toBe(0);
    const whole = readOut(cwd);

    expect(endedBy).toBe('SIGTERM');
    expect(said).toMatch(/^interrupted: \d+ of \d+ files were written, each of them whole; run it again/);
    expect(Object.keys(after)).toEqual(Object.keys(whole));
    const states = Object.entries(after).map(([path, content]) =>
      content === whole[path] ? 'new' : content === before[path] ? 'old' : `${path}: neither`,
    );
    expect(new Set(states)).toEqual(new Set(['new', 'old']));
  });
});
