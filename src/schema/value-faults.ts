import ipaddr from 'ipaddr.js';
import { quote } from '../text/printable.ts';
import { type MapNode, type Node, nodeAt, type Scalar } from '../values/node.ts';
import { parsePorts } from '../values/ports.ts';
import { errorAt, type Problem } from '../values/problem.ts';
import { parseDuration, parseSize } from '../values/quantities.ts';

/** A fault of a single value that a schema cannot express, since the value has to be read first. */
interface ValueFault {
  readonly path: readonly string[];
  /** How such a value is written; any other spelling is the schema's business. */
  readonly spelling: RegExp;
  readonly isWrong: (text: string) => boolean;
  readonly message: string;
  readonly remedy: string;
}

const { IPv4, IPv6 } = ipaddr;

const RANGE = /^\d+-\d+$/;

const PORTS = {
  spelling: RANGE,
  isWrong: (text: string) => parsePorts(text).first > parsePorts(text).last || parsePorts(text).last > 65535,
  message: 'is not a range of ports',
  remedy: 'write the lower port first; the highest is 65535',
};

/** Less does not boot today's kernels; more has nobody. */
const MEMORY = { least: 2 ** 26, most: 2 ** 46 };

/** From 4.12 on the kernel refuses more than INT_MAX / HZ seconds, with HZ=1000. */
const LONGEST_SECONDS = 2147483;

/** Groups that every inventory has: a playbook for one of them would reach all hosts, or the machine it runs on. */
const ANSIBLE_GROUPS = ['all', 'ungrouped', 'localhost'];

/** Lies beside the folders of the profiles. */
const HOST_PROGRAM = 'nettune-host';

const VALUE_FAULTS: readonly ValueFault[] = [
  {
    path: ['name'],
    spelling: /^/,
    isWrong: (text) => ANSIBLE_GROUPS.includes(text),
    message: 'means something of its own to Ansible, which would play the role on other hosts',
    remedy: 'choose another name',
  },
  {
    path: ['name'],
    spelling: /^/,
    isWrong: (text) => text === HOST_PROGRAM,
    message: 'is the name of the host program in the output folder',
    remedy: 'choose another name',
  },
  { ...PORTS, path: ['traffic', 'ports'] },
  { ...PORTS, path: ['firewall', 'translated'] },
  { ...PORTS, path: ['firewall', 'management'] },
  {
    path: ['traffic', 'outbound'],
    spelling: /^[0-9A-Fa-f:.]{2,45}$/,
    isWrong: (text) => !IPv4.isValidFourPartDecimal(text) && !IPv6.isValid(text),
    message: 'is not an IP address',
    remedy: 'write, for example, `192.0.2.107` or `2001:db8::7`',
  },
  {
    path: ['host', 'memory'],
    spelling: /^[1-9]\d{0,8}[MGT]iB$/,
    isWrong: (text) => parseSize(text) < MEMORY.least || parseSize(text) > MEMORY.most,
    message: 'is not a plausible amount of memory',
    remedy: 'write what `free -h` shows as total, from 64MiB to 64TiB',
  },
  {
    path: ['conntrack', 'timeouts'],
    spelling: /^[1-9]\d{0,6}[smhd]$/,
    isWrong: (text) => parseDuration(text) > LONGEST_SECONDS,
    message: 'is longer than the kernel can count',
    remedy: 'write at most 24d',
  },
];

export function listValueFaults(root: MapNode): Problem[] {
  return VALUE_FAULTS.flatMap((fault) => listScalars(nodeAt(root, fault.path)).flatMap((node) => judge(node, fault)));
}

function judge(node: Node & { value: Scalar }, { spelling, isWrong, message, remedy }: ValueFault): Problem[] {
  const { value, location } = node;
  if (typeof value !== 'string' || !spelling.test(value) || !isWrong(value)) return [];
  return [errorAt(location, 'out-of-range', `${quote(value)} ${message}`, remedy)];
}

function listScalars(node: Node | undefined): (Node & { value: Scalar })[] {
  if (node?.kind === 'scalar') return [node];
  if (node?.kind === 'list') return node.items.flatMap(listScalars);
  return node ? [...node.entries.values()].flatMap(({ value }) => listScalars(value)) : [];
}
