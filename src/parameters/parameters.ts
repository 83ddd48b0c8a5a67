import { APACHE } from './apache.ts';
import { BRIDGES } from './bridges.ts';
import { CONNTRACK_BEHAVIOUR } from './conntrack-behaviour.ts';
import { CONNTRACK_EXPECTATIONS } from './conntrack-expectations.ts';
import { CONNTRACK_TABLE } from './conntrack-table.ts';
import { CONNTRACK_TCP } from './conntrack-tcp.ts';
import { CONNTRACK_TIMEOUTS } from './conntrack-timeouts.ts';
import { DEVICES } from './devices.ts';
import { FILES } from './files.ts';
import { FORWARDING } from './forwarding.ts';
import { HAPROXY } from './haproxy.ts';
import { HOST_LIMITS } from './host-limits.ts';
import { HOST_MEMORY } from './host-memory.ts';
import { ICMP } from './icmp.ts';
import { INTERFACES } from './interfaces.ts';
import { INTERFACES_IPV6 } from './interfaces-ipv6.ts';
import { IPC } from './ipc.ts';
import { MEMORY } from './memory.ts';
import { NEIGHBOURS } from './neighbours.ts';
import { NGINX } from './nginx.ts';
import type { ParameterRow } from './parameter.ts';
import { PORTS } from './ports.ts';
import { QUEUES } from './queues.ts';
import { SQUID } from './squid.ts';
import { SYSTEMD } from './systemd.ts';
import { TCP } from './tcp.ts';
import { TCP_CLOSING } from './tcp-closing.ts';
import { TCP_KEEPALIVE } from './tcp-keepalive.ts';
import { TCP_OPTIONS } from './tcp-options.ts';
import { UDP } from './udp.ts';

/** Parameters that belong together, by a title for people. */
interface Family {
  readonly title: string;
  readonly rows: readonly ParameterRow[];
}

/** Every family, in the order in which artifacts set its parameters. */
export const FAMILIES: readonly Family[] = [
  { title: 'Forwarding', rows: FORWARDING },
  { title: 'Interfaces: IPv4', rows: INTERFACES },
  { title: 'Interfaces: IPv6', rows: INTERFACES_IPV6 },
  { title: 'ICMP', rows: ICMP },
  { title: 'Bridges', rows: BRIDGES },
  { title: 'Connection table: size', rows: CONNTRACK_TABLE },
  { title: 'Connection table: expected connections', rows: CONNTRACK_EXPECTATIONS },
  { title: 'Connection table: behaviour', rows: CONNTRACK_BEHAVIOUR },
  { title: 'Connection table: TCP', rows: CONNTRACK_TCP },
  { title: 'Connection table: timeouts', rows: CONNTRACK_TIMEOUTS },
  { title: 'Network devices', rows: DEVICES },
  { title: 'Queues of listeners', rows: QUEUES },
  { title: 'TCP', rows: TCP },
  { title: 'TCP: what is negotiated', rows: TCP_OPTIONS },
  { title: 'TCP: closing connections', rows: TCP_CLOSING },
  { title: 'TCP: keepalive', rows: TCP_KEEPALIVE },
  { title: 'Ports and ways of connections', rows: PORTS },
  { title: 'Memory of sockets', rows: MEMORY },
  { title: 'UDP', rows: UDP },
  { title: 'Neighbours', rows: NEIGHBOURS },
  { title: 'Open files', rows: FILES },
  { title: 'Memory of the host', rows: HOST_MEMORY },
  { title: 'Limits of the host', rows: HOST_LIMITS },
  { title: 'Shared memory and messages', rows: IPC },
  { title: 'Apache httpd', rows: APACHE },
  { title: 'nginx', rows: NGINX },
  { title: 'HAProxy', rows: HAPROXY },
  { title: 'Squid', rows: SQUID },
  { title: 'systemd', rows: SYSTEMD },
];

/** Everything that can be tuned, in the order in which artifacts set it. */
export const PARAMETERS: readonly ParameterRow[] = FAMILIES.flatMap(({ rows }) => rows);

/** The row of a parameter, by any of its names; one for every interface comes with the name that was asked for. */
export function findParameter(name: string): ParameterRow | undefined {
  const row = PARAMETERS[positionOf(name)];
  return row?.name.includes('*') ? { ...row, name } : row;
}

/** Where artifacts set it; those that the catalogue lacks come last. */
export function positionOf(name: string): number {
  positions ??= new Map(PARAMETERS.flatMap((row, index) => namesOf(row).map((each) => [each, index])));
  const position = positions.get(name) ?? PATTERNS.find((pattern) => isInstance(name, pattern.name))?.position;
  return position ?? PARAMETERS.length;
}

/** By every name, made at the first question: a profile asks hundreds of them. */
let positions: Map<string, number> | undefined;

/** Rows for every interface. */
const PATTERNS = PARAMETERS.flatMap(({ name }, position) => (name.includes('*') ? [{ name, position }] : []));

/** Whether one interface stands for the `*`. As sysctl has it, a dot in an interface's name is written as `/`. */
function isInstance(name: string, pattern: string): boolean {
  const [before = '', after = ''] = pattern.split('*');
  const instance = name.startsWith(before) && name.endsWith(after) ? name.slice(before.length, -after.length) : '';
  return /^[^.\s]+$/.test(instance);
}

/** Every name that it has or had. */
export function namesOf({ name, aliases = [], formerNames = [] }: ParameterRow): string[] {
  return [name, ...aliases.map((alias) => alias.name), ...formerNames.map((former) => former.name)];
}
