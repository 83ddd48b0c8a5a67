import { readFileSync } from 'node:fs';
import type { Profile } from '../../../generated/profile.ts';

/** A row of hosts.csv: every cell by its heading, empty where nothing is given or nothing is set. */
export type Row = Readonly<Record<string, string>>;

/** The table that work-out.py fills. */
export function readHosts(): Row[] {
  const text = readFileSync(new URL('hosts.csv', import.meta.url), 'utf8');
  const [headings = [], ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  return rows.map((cells) => Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])));
}

/** The profile of a row. It serves one port, so that its connections can be untracked. */
export function profileOf(row: Row): Profile {
  return withoutGaps({
    name: 'host',
    role: row['role'],
    host: {
      distribution: 'debian-12',
      kernel: row['kernel'],
      memory: row['memory'],
      architecture: row['bits'] === '32' ? 'i686' : undefined,
    },
    traffic: {
      ports: [80],
      connectionsPerSecond: number(row['new/s']),
      concurrentConnections: number(row['open']),
      udpDialoguesPerSecond: number(row['udp/s']),
      outbound: outboundOf(row['outbound'] ?? ''),
      busiestDestinationShare: number(row['share']),
      neighbours: number(row['neighbours']),
      packetsPerSecond: number(row['packets/s']),
    },
    conntrack: { untracked: { served: row['untracked'] === 'yes' }, timeouts: { timeWait: number(row['TIME_WAIT']) } },
    apache: { mpm: row['mpm'] || undefined, memoryPerWorker: row['per worker'] || undefined },
    gateway: { families: row['families'] ? row['families'].split(' ') : undefined },
  });
}

function number(cell = ''): number | undefined {
  return cell === '' ? undefined : Number(cell);
}

/** `192.0.2.107:3128 250/s 100` each, or `*:443 ...` for many hosts; `none` is a list, and empty. */
function outboundOf(cell: string): object[] | undefined {
  if (cell === '') return undefined;
  return [...cell.matchAll(/(\S+):(\d+) (\d+)\/s (\d+)/g)].map(([, to, port, perSecond, open]) => ({
    to: to === '*' ? undefined : to,
    port: Number(port),
    connectionsPerSecond: Number(perSecond),
    concurrentConnections: Number(open),
  }));
}

/** What is undefined is not there. */
function withoutGaps(profile: object): Profile {
  return JSON.parse(JSON.stringify(profile));
}
