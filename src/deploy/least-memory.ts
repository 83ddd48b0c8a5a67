const MIB = 2 ** 20;

/** The part of the planned memory that has to be there: firmware, the kernel and a crash kernel keep some before it is counted. */
const MEMORY_TOLERANCE = 0.75;

/** In MiB. */
export function leastMemory(memoryBytes: number): number {
  return Math.floor(Math.floor(memoryBytes / MIB) * MEMORY_TOLERANCE);
}
