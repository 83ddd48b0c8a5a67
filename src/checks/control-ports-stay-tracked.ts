import { isServedUntracked } from '../rules/packet-rules.ts';
import { filterOf } from '../rules/packet-tool.ts';
import type { Plan } from '../values/plan.ts';
import { formatPorts, intersectPorts, type PortRange, parsePorts, subtractPorts } from '../values/ports.ts';
import type { Severity } from '../values/problem.ts';
import type { Breach, Check } from './check.ts';

/** A protocol that opens further connections to its server, by what a helper of the tracker reads in the first one. */
interface ControlPort {
  readonly port: number;
  readonly protocol: string;
  /** What no longer gets in. */
  readonly loses: string;
  /** What the filter may let in without the helper: then nothing is lost. */
  readonly without: string;
  readonly severity: Severity;
}

/**
 * Only what lets somebody in to the server itself, over TCP. IRC's helper (6667) opens ports on clients; TFTP and SNMP are
 * UDP, which is never untracked. Nobody serves anything but FTP on port 21; on the others something else may listen.
 */
const CONTROL_PORTS: readonly ControlPort[] = [
  {
    port: 21,
    protocol: 'FTP',
    loses: 'passive data connections',
    without: "the server's passive ports by number",
    severity: 'error',
  },
  { port: 1720, protocol: 'H.323', loses: 'media streams', without: 'their ports by number', severity: 'warning' },
  { port: 1723, protocol: 'PPTP', loses: 'GRE packets', without: 'GRE (`-p gre`)', severity: 'warning' },
  { port: 5060, protocol: 'SIP', loses: 'media streams', without: 'their ports by number', severity: 'warning' },
];

export const controlPortsStayTracked: Check = {
  id: 'control-ports-stay-tracked',
  severity: 'error',
  softens: true,
  what: 'Behind a filter, no untracked port is 21 (FTP), 1720 (H.323), 1723 (PPTP) or 5060 (SIP); only a warning for the last three.',
  why: 'These protocols agree on further connections inside the first one. A helper of the tracker reads that, and the filter accepts what follows as RELATED. No helper reads an untracked connection: clients log in, and their transfers hang.',
  fix: 'Take the port out of `traffic.ports`, since a port that is not listed stays tracked; or set `conntrack.untracked.served: false`. If the filter accepts the further connections by number or protocol, allow this with that reason.',
  source:
    'nf_conntrack_ftp.c, nf_conntrack_h323_main.c, nf_conntrack_pptp.c, nf_conntrack_sip.c; FTP tried in a namespace',
  find: (plan) =>
    isServedUntracked(plan.profile) && filterOf(plan.profile) !== 'none'
      ? CONTROL_PORTS.flatMap((row) => findServed(row, plan))
      : [],
};

function findServed(row: ControlPort, { profile, servedPorts }: Plan): Breach[] {
  const { port, protocol, loses, without, severity } = row;
  const written = (profile.traffic?.ports ?? []).map(parsePorts);
  const listed = written.flatMap((range, index) => (contains(range, port) ? [{ range, index }] : []));
  if (listed.length === 0) return [];
  return [
    {
      message: `port ${port} (${protocol}) would be left untracked: no helper reads it then, and a filter that accepts ${loses} as RELATED drops them`,
      remedy: `${sayWhatToWrite(port, servedPorts)}; if the filter accepts ${without}, allow this with that reason`,
      causes: [...listed.map(({ index }) => `traffic.ports.${index}`), 'conntrack.untracked.served', 'firewall.filter'],
      severity,
    },
  ];
}

const contains = (range: PortRange, port: number) => intersectPorts([range], [parsePorts(port)]).length > 0;

/** A list without ports is none. */
function sayWhatToWrite(port: number, servedPorts: readonly PortRange[]): string {
  const others = formatPorts(subtractPorts(servedPorts, [parsePorts(port)]));
  return others.length === 0
    ? 'set `conntrack.untracked.served: false`'
    : `take ${port} out of \`traffic.ports\` (write \`[${others.join(', ')}]\`), because a port that is not listed stays tracked`;
}
