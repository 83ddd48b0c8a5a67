import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/checks.ts';
import { FAULTS } from '../../src/report/problem-formats/describe-kind.ts';
import { quote } from '../../src/text/printable.ts';
import { callNettune } from '../support/call-nettune.ts';

describe('nettune checks', () => {
  it('lists every check with what has to hold', async () => {
    const { code, stdout } = await callNettune(['checks']);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => /^[a-z]/.test(line))).toEqual(CHECKS.map(({ id }) => id));
  });

  it('has a page for a check: what, why, how to mend it, and where that is known from', async () => {
    expect(await callNettune(['checks', 'established-outlives-keepalive'])).toEqual({
      code: 0,
      stderr: '',
      stdout: `established-outlives-keepalive  error; can be silenced by \`allow\`, with a reason
  holds         On a host that serves: conntrack.timeouts.established > net.ipv4.tcp_keepalive_time.
  why           When the entry of an idle connection ends before its first keepalive probe, the
                connection dies although both ends live.
  do            Raise the timeout, or lower net.ipv4.tcp_keepalive_time; nettune takes a third of
                the timeout, at most 1,200 s.
  source        RFC 5382 REQ-5; net/ipv4/tcp_timer.c
`,
    });
  });

  it('says of the checks that guard the host against the profile that nothing silences them', async () => {
    expect((await callNettune(['checks', 'parameter-in-catalogue'])).stdout).toContain('error; cannot be silenced\n');
  });

  it.each(Object.entries(FAULTS))('%s: says of a problem that no check has found what it is', async (id, { what }) => {
    const { code, stdout } = await callNettune(['checks', id]);
    expect(stdout.split('\n')[0]).toBe(`${id}  no check, but a fault of a profile itself; cannot be silenced`);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`holds ${what} do What the problem says at its place.`);
    expect(code).toBe(0);
  });

  it.each([
    ['conntrack-fit-memory', 'did you mean `conntrack-fits-memory`?'],
    ['yaml-sintax', 'did you mean `yaml-syntax`?'],
    ['syn-cookies', 'did you mean `syn-cookies-in-need`?'],
    [
      'queue-length',
      'near it are `accept-queue-holds-burst`, `accept-queue-not-truncated`, `syn-queue-matches-accept-queue`, ' +
        '`queue-drains-before-client-gives-up`, `full-queue-keeps-clients`; `nettune checks` lists all',
    ],
    ['backlog', '`nettune checks` lists all'],
    ['constructor', '`nettune checks` lists all'],
    ['\u001b[31m', '`nettune checks` lists all'],
  ])('suggests for %j what was likely meant, and at most five', async (id, remedy) => {
    const { code, stdout, stderr } = await callNettune(['checks', id]);
    expect(stderr).toBe(`error: there is no check ${quote(id)}: ${remedy}\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each(CHECKS)('$id: whole sentences, and none of them said twice', ({ what, why, fix, source }) => {
    for (const text of [what, why, fix]) expect(text).toMatch(/\w.*[^.][.]$/s);
    expect(new Set([what, why, fix, source]).size).toBe(4);
  });
});
