import { type Host, kernelMemory } from '../values/host.ts';
import { formatSize } from '../values/quantities.ts';

/** A part of memory, 0 to 1, in words: on 32 bits the kernel has no more than the lowest of it for itself. */
export function sayShare(share: number, host: Host): string {
  return `${share * 100} % of ${isShort(host) ? `${formatSize(kernelMemory(host))}, all that a kernel of 32 bits has for itself` : 'memory'}`;
}

/** What gives a host more room for tables of the kernel. */
export function sayMoreMemory(host: Host): string {
  return isShort(host) ? 'use a kernel of 64 bits' : 'give the host more memory';
}

function isShort(host: Host): boolean {
  return kernelMemory(host) < host.memoryBytes;
}
