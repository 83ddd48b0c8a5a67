import { describe, expect, it } from 'vitest';
import { FIRST_STEPS } from '../../src/commands/program.ts';
import { callNettune } from '../support/call-nettune.ts';
import { CHECKOUT } from '../support/cli.ts';
import { readTree } from '../support/tree.ts';

describe('nettune profiles', () => {
  const shipped = readTree(`${CHECKOUT}/profiles`);

  it('lists every shipped profile with its summary', async () => {
    const { code, stdout } = await callNettune(['profiles']);
    expect(code).toBe(0);
    expect(stdout).toContain('web-server   Web server that answers many short connections\n');
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => `${line.split(' ')[0]}.yaml`),
    ).toEqual(Object.keys(shipped).sort());
  });

  it.each(Object.entries(shipped))('prints %s as it is', async (file, text) => {
    expect(await callNettune(['profiles', file.replace('.yaml', '')])).toEqual({ code: 0, stdout: text, stderr: '' });
  });

  it('suggests the nearest name', async () => {
    const { code, stderr } = await callNettune(['profiles', 'squid-prox']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: there is no shipped profile `squid-prox`: did you mean `squid-proxy`?\n',
    });
  });
});

describe('what to do first', () => {
  it.each([[[]], [['--help']]])('is said by nettune %s', async (args) => {
    const { stdout, stderr } = await callNettune(args);
    for (const { call } of FIRST_STEPS) expect(stdout + stderr).toContain(`  ${call}  `);
  });

  it.each(FIRST_STEPS.filter(({ call }) => call !== 'nettune init'))('works: $call', async ({ call }) => {
    expect(await callNettune(call.split(' ').slice(1))).toMatchObject({ code: 0, stderr: '' });
  });

  it('of explain is what it takes', async () => {
    const { code, stderr } = await callNettune(['explain']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: missing required argument 'PROFILE'\n\nUsage: nettune explain .*nettune explain web-server /s,
    );
  });
});
