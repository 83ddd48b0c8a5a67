/** httpd's default, and small enough for ThreadLimit's default of 64. */
export const THREADS_PER_CHILD = 25;

/** The rest is for the kernel, its page cache and other programs. */
const MEMORY_SHARE = 0.5;

/** Processes and threads of httpd. */
export interface Workers {
  readonly processes: number;
  readonly threadsPerProcess: number;
}

/**
 * Workers for which there is room: half of the memory / bytes of a worker, rounded down. Source: httpd 2.4 manual,
 * performance tuning (MaxRequestWorkers and memory).
 */
export function countFittingWorkers(memoryBytes: number, workerBytes: number): number {
  return Math.floor((memoryBytes * MEMORY_SHARE) / workerBytes);
}

/**
 * Processes for so many workers = workers / threads of a process, rounded down, from 1 to what httpd takes: each is
 * filled, so that MaxRequestWorkers is a multiple of ThreadsPerChild, as httpd wants it. Fewer workers than threads are
 * one process.
 * Source: httpd 2.4 manual, mpm_common and worker.
 */
export function arrangeWorkers(workers: number, threadsPerProcess: number, mostProcesses: number): Workers {
  const threads = Math.max(1, Math.min(threadsPerProcess, workers));
  return {
    processes: Math.min(mostProcesses, Math.max(1, Math.floor(workers / threads))),
    threadsPerProcess: threads,
  };
}

/**
 * `ServerLimit` for so many processes: as many slots again, since a process that ends gracefully keeps its slot until
 * its last connection is served, and a new one cannot start meanwhile. Source: httpd 2.4 manual, event; tried: a reload
 * under slow downloads, AH03490.
 */
export function countSlots(processes: number, mostProcesses: number): number {
  return Math.min(mostProcesses, processes * 2);
}
