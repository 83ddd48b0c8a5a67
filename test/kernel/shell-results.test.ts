import { describe, expect, it } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { callsIn, exitCodes, onMachine, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { gate, shop } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  apache2: 'apache2',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  script: 'bsdutils',
});

/** The JSON values among what a machine has printed. */
const resultsIn = (output: string) =>
  [...output.matchAll(/^\{\n[\s\S]*?^\}$/gm)].map(([text]) => JSON.parse(text) as Record<string, unknown>);

describe('the result of a run, as JSON', () => {
  it.each(inCi(SHELLS, 'busybox sh'))(
    'says what would change, what has changed, and that nothing is left to do, in %s',
    (shell) => {
      const output = onMachine(
        shop(),
        [
          'snapshot before; apply shop --dry-run --format json; same before; apply shop --format json; apply shop --format json',
          'remove shop --dry-run --format json; remove shop --format json; rendered remove --format json; same before',
        ],
        shell,
      );
      const path = '/etc/sysctl.d/90-nettune-shop.conf';
      const [planned, done, settled, leaving, gone, nothing] = resultsIn(output);
      expect(planned).toMatchObject({
        changed: true,
        failed: false,
        written: expect.arrayContaining([path]),
        removed: [],
      });
      expect(planned?.['changes']).toContain(`would write ${path}`);
      expect(done).toMatchObject({ changed: true, failed: false, msg: 'everything is in effect', unconfirmed: false });
      expect(done?.['changes']).toContain(`write ${path}`);
      const kept = ['everything is in place: nothing was changed', 'everything is in effect'];
      expect(settled).toMatchObject({ changed: false, failed: false, changes: [], messages: kept, written: [] });
      expect(leaving).toMatchObject({ changed: true, failed: false, removed: expect.arrayContaining([path]) });
      expect(gone).toMatchObject({ changed: true, failed: false, msg: 'everything is gone', deferred: [] });
      expect(nothing).toMatchObject({ changed: false, failed: false });
      expect(exitCodes(output)).toEqual([1, 0, 0, 1, 0, 0]);
      expect(sames(output)).toEqual(['same as before', 'same as before']);
    },
  );

  it('names every reason when a run fails, in the value and on standard error, and that everything was restored', () => {
    const output = onMachine(shop(), [
      ': > layer/apache2.broken; snapshot before; apply shop --format json 2>errors; same before; cat errors',
    ]);
    const [result] = resultsIn(output);
    expect(result).toMatchObject({
      changed: false,
      failed: true,
      msg: expect.stringContaining('could not restart apache2'),
    });
    expect(result?.['messages']).toContain('everything is as it was');
    expect(output).toMatch(/^could not restart apache2$/m);
    expect(exitCodes(output)).toEqual([1]);
    expect(sames(output)).toEqual(['same as before']);
  });

  it('is one value for a refusal too, whatever the files of others hold', () => {
    const hostile = String.raw`net.core.somaxconn = "}\\ \033[31m\001{{ x }}`;
    const output = onMachine(shop(), [
      `apply shop >/dev/null; printf '${hostile}\n' > /etc/sysctl.d/99-other.conf; verify shop --format json`,
      'sed -i /^end/d out/shop/plan; apply shop --format json; apply nosuch --format json; apply shop --format xml',
    ]);
    const [differs, cut, missing] = resultsIn(output);
    expect(differs).toMatchObject({ changed: false, failed: true });
    expect(differs?.['msg']).toContain(String.raw`wins with "}\ ?[31m?{{ x }}`);
    expect(cut).toMatchObject({ changed: false, failed: true, msg: expect.stringContaining('is cut off') });
    expect(missing).toMatchObject({ failed: true, msg: 'there is no folder out/nosuch' });
    expect(output).toContain('usage: nettune-host apply');
    expect(exitCodes(output)).toEqual([1, 2, 2, 2]);
  });
});

describe('restarts that are deferred', () => {
  it('wait until a command or somebody else does them', () => {
    const output = onMachine(shop(), [
      'apply shop --restarts defer; calls; apply shop --restarts defer; verify shop; calls',
      'installed apply --restart; calls; installed apply --restart; verify shop',
      // A change that needs a restart again, which a person makes at once.
      'sysctl -qw net.core.somaxconn=77; apply shop --restarts defer; systemctl restart apache2; calls; verify shop',
    ]);
    expect(exitCodes(output)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(output).toContain('nettune shop: leave apache2 running: it waits for a restart\n');
    const waits = 'nettune shop: apache2 waits for a restart: nettune-host apply --restart does it\n';
    expect(output.split(waits)).toHaveLength(5);
    expect(output).toContain(`${waits}nettune shop: everything else is in effect\n`);
    expect(output).toContain('nettune shop: no server waits for a restart\n');
    expect(callsIn(output)).toEqual(['daemon-reload,', '', 'restart apache2,', 'restart apache2,']);
  });

  it('are done by the next run that may, and are forgotten when their run fails or everything goes', () => {
    const output = onMachine(shop(), [
      'snapshot before; apply shop --restarts defer >/dev/null; calls; apply shop; calls; verify shop; remove shop; calls; same before',
      'mkdir -p servers; tested_by "exit 1"; apply shop --restarts defer; installed apply --restart; calls; rm servers/apachectl; remove shop; same before',
    ]);
    expect(callsIn(output)).toEqual([
      'daemon-reload,',
      'restart apache2,',
      'daemon-reload,restart apache2,',
      'daemon-reload,',
    ]);
    expect(output).toContain('nettune shop: could not restart apache2\n');
    expect(exitCodes(output)).toEqual([0, 0, 0, 0, 1, 0]);
    expect(sames(output)).toEqual(['same as before', 'same as before']);
  });
});

// A gateway has no packet rules: its forwarding is what may cut off somebody.
describe('a change that might cut off whoever makes it', () => {
  it('waits for a confirmation when standard input is a terminal', () => {
    const output = onMachine(gate(), [
      'script -qec "sh out/nettune-host apply out/gate" /dev/null </dev/null; installed apply --confirm; installed remove >/dev/null',
      'script -qec "sh out/nettune-host apply --confirm-within 0 out/gate" /dev/null </dev/null',
    ]);
    expect(output.match(/in effect, and put back in 60 seconds unless confirmed/g)).toHaveLength(1);
    expect(output.match(/everything is in effect/g)).toHaveLength(2);
  });

  it.each(['net.ipv4.conf.all.rp_filter', 'net.ipv6.conf.all.disable_ipv6', 'net.ipv4.conf.all.arp_ignore'])(
    'may be one of %s',
    (parameter) => {
      const output = onMachine(shop(`sysctl: { ${parameter}: { value: 1, because: a test } }\n`), [
        `sysctl -qw ${parameter}=0; apply shop --confirm-within never --dry-run`,
      ]);
      expect(output).toContain('this would be refused: packet rules or routing would change');
    },
  );

  it('is refused where nobody will confirm it, which a dry run foretells; nothing else is', () => {
    const output = onMachine(gate(), [
      'snapshot before; apply gate --confirm-within never --dry-run --format json; apply gate --confirm-within never; same before',
      'apply gate --confirm-within 0 >/dev/null; sysctl -qw net.netfilter.nf_conntrack_icmp_timeout=77; apply gate --confirm-within never',
    ]);
    const refusal = 'packet rules or routing would change, and nobody would confirm it';
    const [foretold] = resultsIn(output);
    expect(foretold).toMatchObject({ failed: true, msg: expect.stringContaining(`this would be refused: ${refusal}`) });
    expect(foretold?.['changes']).toContain('would set net.ipv4.ip_forward from 0 to 1');
    expect(output).toContain(`nettune gate: nothing was changed: ${refusal}`);
    expect(output).toContain('nettune gate: set net.netfilter.nf_conntrack_icmp_timeout from 77 to 60\n');
    expect(exitCodes(output)).toEqual([1, 2, 0]);
    expect(sames(output)).toEqual(['same as before']);
  });
});
