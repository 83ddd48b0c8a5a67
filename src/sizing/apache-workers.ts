/** httpd's default, and small enough for ThreadLimit's default of 64. */
export const THREADS_PER_CHILD = 25;

/** The rest is for the kernel, its page cache and other programs. */
const MEMORY_SHARE = 0.5;

/** Processes and threads of httpd. */
export interface Workers {
  readonly processes: number;
  readonly threadsPerProcess: number;
}

/** Workers for which there is room in half of the memory. Source: httpd manual, performance tuning. */
export function countFittingWorkers(memoryBytes: number, workerBytes: number): number {
  return Math.floor((memoryBytes * MEMORY_SHARE) / workerBytes);
}

/** Processes for so many workers: each filled with threads, so that the limits are multiples of each other; at least one, and no more than httpd takes. */
export function arrangeWorkers(workers: number, threadsPerProcess: number, mostProcesses: number): Workers {
  const threads = Math.max(1, Math.min(threadsPerProcess, workers));
  return {
    processes: Math.min(mostProcesses, Math.max(1, Math.floor(workers / threads))),
    threadsPerProcess: threads,
  };
}

/**
 * `ServerLimit` for so many processes: as many slots again, since a process that ends gracefully keeps its slot until its
 * last connection is served, and a new one cannot start meanwhile. Source: httpd 2.4 manual, event; tried: a reload under
 * slow downloads, AH03490.
 */
export function countSlots(processes: number, mostProcesses: number): number {
  return Math.min(mostProcesses, processes * 2);
}
