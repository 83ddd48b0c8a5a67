import type { DebianMachine } from './debian-machine.ts';

/** Addresses on the inner network of the machine, in a namespace: a client, and one that fail2ban has banned. */
export const CLIENT = '192.0.2.10';
export const BANNED = '192.0.2.66';

/** What the host outside answers. */
export const ELSEWHERE = 'http://198.51.100.10/';

/** What a client gets, or nothing. */
export async function fetchFrom(machine: DebianMachine, client: string, url: string, options = ''): Promise<string> {
  const command = `ip netns exec client curl -s --max-time 10 --interface ${client} ${options} ${url}`;
  return (await machine.run(command)).output.trim();
}

/** Entries of connections to a port of the machine. */
export async function entriesAt(machine: DebianMachine, port: number): Promise<string> {
  return machine.ask(`conntrack -L -p tcp --dport ${port} 2>/dev/null; true`);
}
