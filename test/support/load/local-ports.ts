import type { Host } from '../namespaces.ts';

/** A local port that a connection keeps from others to the same place. */
export interface LocalPort {
  readonly port: number;
  /** Seconds for which its socket stays in TIME_WAIT yet; undefined while it is open. */
  readonly secondsLeft: number | undefined;
}

/** Ports of a host from which connections to this port go, or went. */
export function listLocalPorts(host: Host, toPort: number): LocalPort[] {
  const listed = host.must('ss', '-Htano', 'state', 'established', 'state', 'time-wait', `dport = :${toPort}`);
  return listed
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, , , local = ''] = line.trim().split(/\s+/);
      return { port: Number(local.split(':').at(-1)), secondsLeft: readTimer(line) };
    });
}

/** `timer:(timewait,52sec,0)`, and without a fraction: `timer:(timewait,1min2sec,0)`, `timer:(timewait,890ms,0)` */
function readTimer(line: string): number | undefined {
  const [, minutes = 0, seconds = 0] = /timer:\(timewait,(?:(\d+)min)?(?:(\d+)sec)?/.exec(line) ?? [];
  return line.includes('(timewait,') ? Number(minutes) * 60 + Number(seconds) : undefined;
}
