import { kernelMemory, type Machine } from '../values/host.ts';
import { isWithin } from '../values/kernel-version.ts';

const MIB = 2 ** 20;

/** Bytes of memory for each entry of TCP's table of connections, by kernel. Source: tcp_init() and alloc_large_system_hash(). */
function bytesPerEntry({ kernel, memoryBytes }: Machine): number {
  if (isWithin(kernel, { since: '3.9' })) return 128 * 1024;
  return memoryBytes >= 512 * MIB ? 8 * 1024 : 32 * 1024;
}

/** Entries of TCP's table of connections, which other defaults follow; the boot parameter thash_entries overrides it. */
export function connectionHashEntries(machine: Machine): number {
  const wanted = Math.ceil(kernelMemory(machine) / MIB) * (MIB / bytesPerEntry(machine));
  const rounded = 2 ** Math.ceil(Math.log2(Math.max(1, wanted)));
  return Math.min(524288, rounded);
}

/** The defaults follow the table since 2.6.36; Red Hat's 2.6.32 has that already. */
function followsTable({ kernel, redhat }: Machine): boolean {
  return redhat === '6' || isWithin(kernel, { since: '2.6.36' });
}

/** `tcp_max_tw_buckets`, in sockets; undefined for a small machine before 2.6.36, where it hangs on the table of ports. */
export function defaultTimeWaitSockets(machine: Machine): number | undefined {
  if (followsTable(machine)) return connectionHashEntries(machine) / 2;
  return machine.memoryBytes >= 256 * MIB ? 180000 : undefined;
}

/** `tcp_max_orphans`, in sockets; undefined before 2.6.36, where it hangs on the table of ports. */
export function defaultOrphans(machine: Machine): number | undefined {
  return followsTable(machine) ? connectionHashEntries(machine) / 2 : undefined;
}

/** `tcp_max_syn_backlog`, in connections; undefined for a small machine before 2.6.36. */
export function defaultSynBacklog(machine: Machine): number | undefined {
  const { kernel, memoryBytes } = machine;
  if (!followsTable(machine)) return memoryBytes >= 256 * MIB ? 1024 : undefined;
  const share = isWithin(kernel, { since: '5.4' }) ? 128 : 256;
  return Math.max(128, connectionHashEntries(machine) / share);
}
