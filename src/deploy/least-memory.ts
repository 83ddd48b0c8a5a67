const MIB = 2 ** 20;

/** The part of the planned memory that has to be there: firmware, the kernel and a crash kernel keep some before it is counted. */
const MEMORY_TOLERANCE = 0.75;

/**
 * The same where a plan for a smaller machine lies beside it: 6 GiB must not pass for 8. Firmware and the kernel keep up to a
 * sixteenth, and a crash kernel 192 to 256 MiB (`crashkernel=` of Red Hat); on a small machine the latter is much.
 */
const SHARE_OF_SEVERAL = 15 / 16;
const CRASH_KERNEL_MIB = 256;
const LEAST_SHARE_OF_SEVERAL = 13 / 16;

/** In MiB, for a plan alone, or for `machine` of several. */
export function leastMemory(memoryBytes: number, machine?: string): number {
  const planned = Math.floor(memoryBytes / MIB);
  if (machine === undefined) return Math.floor(planned * MEMORY_TOLERANCE);
  return Math.floor(Math.max(planned * SHARE_OF_SEVERAL - CRASH_KERNEL_MIB, planned * LEAST_SHARE_OF_SEVERAL));
}
