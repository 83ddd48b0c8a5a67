import { describe, expect, it } from 'vitest';
import { CLIENT, entriesAt } from '../support/neighbours.ts';
import { onDebian, SHOP } from '../support/on-debian.ts';
import { PROGRAM } from '../support/push-through.ts';

/** Nobody can wait for an hour here. */
const IMPATIENT = `${SHOP}conntrack: { timeouts: { established: 10s } }
allow:
  - { check: established-outlives-keepalive, because: a test does not wait }
  - { check: established-outlives-application-idle, because: a test does not wait }
`;

const SILENT = 7001;
const TALKING = 7002;

const ECHO = `import socketserver, threading
class Echo(socketserver.StreamRequestHandler):
  def handle(self):
    while byte := self.rfile.read(1): self.wfile.write(byte)
for port in (${SILENT}, ${TALKING}):
  threading.Thread(target=socketserver.ThreadingTCPServer(("", port), Echo).serve_forever).start()`;

/** Two connections of the machine to a neighbour: one that has said a word and then nothing more, and one that talks. */
const CONNECTIONS = `systemd-run ip netns exec client python3 -c '${ECHO}'
until ip netns exec client ss -Hltn 'sport = :${TALKING}' | grep -q .; do sleep 0.2; done
systemd-run bash -c 'exec 3<>/dev/tcp/${CLIENT}/${SILENT}; printf x >&3; read -rN1 -u3; sleep infinity'
systemd-run --unit=talk bash -c 'exec 3<>/dev/tcp/${CLIENT}/${TALKING}; while printf x >&3 && read -rN1 -u3; do sleep 0.5; done'
sleep 10`;

describe('connections that would keep a timer of five days', () => {
  const story = onDebian(({ machine }) => machine.ask(CONNECTIONS));

  it('lose their entries when they are overdue by now, and the run says how many; one that is alive keeps it', async () => {
    const { machine } = story;
    expect(await machine.ask('sysctl -n net.netfilter.nf_conntrack_tcp_timeout_established')).toBe('432000');
    expect(await entriesAt(machine, SILENT)).toContain('ESTABLISHED');
    const { code, output } = await PROGRAM.apply(machine, story.render('shop', IMPATIENT));
    // One of them may be the test's own connection, which is silent meanwhile.
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/: ended [12] overdue entr(y|ies) of the connection table/),
    });
    expect(await entriesAt(machine, SILENT)).toBe('');
    expect(await entriesAt(machine, TALKING)).toContain('ESTABLISHED');
    expect(await machine.ask('systemctl is-active talk')).toBe('active');
  });
});
