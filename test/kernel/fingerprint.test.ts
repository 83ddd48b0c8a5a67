import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, backend, type Programs } from '../support/backends.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';

requirePrograms({ ip: 'iproute2', 'iptables-nft': 'iptables', 'iptables-legacy': 'iptables', nft: 'nftables' });

let network: Network;
let rendered: Rendered;
let hosts = 0;

beforeAll(() => {
  network = new Network();
  rendered = webServer('iptables');
});
afterAll(() => {
  network?.remove();
  rendered?.remove();
});

const fingerprintOf = (host: Host, what: 'all' | 'untold') => host.must('sh', rendered.program, 'fingerprint', what);

describe.each(inCi(BACKENDS, 'legacy'))('a fingerprint of rules of iptables-%s', (kind) => {
  let programs: Programs;

  beforeAll(() => {
    programs = backend(kind);
  });
  afterAll(() => programs?.remove());

  test.each(kind === 'legacy' ? (['all', 'untold'] as const) : (['all'] as const))(
    'for %s shows what stands behind a comment of two lines',
    (what) => {
      const host = network.host(`host${hosts++}`, programs.path);
      const rule = ['-p', 'tcp', '-m', 'comment', '--comment', 'one\ntwo', '-j'];
      host.must('iptables', '-A', 'INPUT', ...rule, 'ACCEPT');
      const before = fingerprintOf(host, what);
      host.must('iptables', '-R', 'INPUT', '1', ...rule, 'DROP');
      expect(fingerprintOf(host, what)).not.toBe(before);
    },
  );
});

test('a fingerprint of rules of nft shows what stands behind a comment that looks like another chain', () => {
  const host = network.host(`host${hosts++}`);
  host.must(
    'nft',
    'table inet t { chain c { type filter hook input priority 0; counter comment "one\n\tchain x {\ntwo"\n}\n}\n',
  );
  const before = fingerprintOf(host, 'all');
  host.must('nft', 'insert rule inet t c tcp dport 80 drop');
  expect(fingerprintOf(host, 'all')).not.toBe(before);
});
