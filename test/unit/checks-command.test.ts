import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/checks.ts';
import { nettune } from '../support/cli.ts';

describe('nettune checks', () => {
  it('lists every check with what has to hold', () => {
    const { code, stdout } = nettune(['checks']);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => /^[a-z]/.test(line))).toEqual(CHECKS.map(({ id }) => id));
  });

  it('has a page for a check: what, why, how to mend it, and where that is known from', () => {
    expect(nettune(['checks', 'established-outlives-keepalive'])).toEqual({
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

  it('says of the checks that guard the host against the profile that nothing silences them', () => {
    expect(nettune(['checks', 'parameter-in-catalogue']).stdout).toContain('error; cannot be silenced\n');
  });

  it('suggests the check that was meant', () => {
    expect(nettune(['checks', 'conntrack-fit-memory'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: there is no check `conntrack-fit-memory`: did you mean `conntrack-fits-memory`?\n',
    });
  });

  it.each(CHECKS)('$id: whole sentences, and none of them said twice', ({ what, why, fix, source }) => {
    for (const text of [what, why, fix]) expect(text).toMatch(/\w.*[^.][.]$/s);
    expect(new Set([what, why, fix, source]).size).toBe(4);
  });
});
