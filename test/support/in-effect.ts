import { readFileSync } from 'node:fs';
import type { DebianMachine } from './debian-machine.ts';
import type { Rendered } from './rendered.ts';

/** The values that a plan has for the kernel, by parameter or path. */
export function plannedValues(rendered: Rendered): Record<string, string> {
  const lines = readFileSync(rendered.at('plan'), 'utf8').matchAll(/^value (\S+) (.*)$/gm);
  return Object.fromEntries([...lines].map(([, parameter = '', value = '']) => [parameter, value]));
}

/** What the kernel of the machine has for the same parameters; a name stands for a path below /proc/sys. */
export async function valuesInEffect(machine: DebianMachine, rendered: Rendered): Promise<Record<string, string>> {
  const parameters = Object.keys(plannedValues(rendered));
  const paths = parameters.map((each) => (each.startsWith('/') ? each : `/proc/sys/${each.replaceAll('.', '/')}`));
  const output = await machine.ask(`for each in ${paths.join(' ')}; do cat $each || echo missing; done`);
  const values = output.split('\n').map((value) => value.replaceAll('\t', ' '));
  return Object.fromEntries(parameters.map((parameter, index) => [parameter, values[index] ?? 'missing']));
}

/** How many connections may wait at a port: the column Send-Q of a socket that listens. */
export async function queueAt(machine: DebianMachine, port: number): Promise<number> {
  return Number(await machine.ask(`ss -Hltn 'sport = :${port}' | awk '{ print $3 }' | sort -u`));
}

/** The limits of open files, soft and hard, that all processes of a name have. */
export async function descriptorsOf(machine: DebianMachine, program: string): Promise<string[]> {
  const limits = `for each in $(pgrep -x ${program}); do grep '^Max open files' /proc/$each/limits; done`;
  return (await machine.ask(`${limits} | awk '{ print $4, $5 }' | sort -u`)).split('\n');
}

/** Waits for the guard, and asks it. */
export async function untilUntracked(machine: DebianMachine, name: string): Promise<void> {
  await machine.ask(`nettune-host rules status /etc/nettune/${name}`);
}

/** Our rules that leave packets untracked. */
export async function untrackingRules(machine: DebianMachine): Promise<number> {
  return Number(await machine.ask('iptables-save -t raw | grep -c -e "-A NT-.*--notrack" || true'));
}

/**
 * Every file with its content, owner and mode, the rules of others, and all values: what is to be the same after all. The
 * kernel makes nf_conntrack_expect_max of the hash size when the module is loaded, so it is another one after a reboot.
 */
export async function everythingForeign(machine: DebianMachine): Promise<string[]> {
  const commands = [
    "find /etc /var/lib/nettune /usr/local/lib/nettune /usr/sbin/nettune-host -printf '%p %m %u %g %l\\n' 2>/dev/null | sort",
    'find /etc -type f -exec sha256sum {} + | sort -k 2',
    'for each in iptables ip6tables; do for table in nat filter; do $each-save -t $table; done; done | sed "s/ *\\[.*//; /^#/d"',
    'iptables-save -t raw | grep -e ^-A -e NT-',
    'sysctl -a --pattern "^net[.]" 2>/dev/null | grep -v -e nf_conntrack_count -e nf_conntrack_expect_max -e stable_secret',
    'cat /sys/module/nf_conntrack/parameters/hashsize',
  ];
  return (await machine.ask(`{ ${commands.join('; ')}; true; }`)).split('\n');
}
