/** However slow the machine is, it does not make up for more than so many at once. */
const LARGEST_BURST = 50;

/** @type {(perSecond: number, begin: () => void) => void} Begins so many per second, evenly; what a slow moment left out comes late, or not at all. */
export function pace(perSecond, begin) {
  let last = performance.now();
  let due = 0;
  setInterval(() => {
    const now = performance.now();
    due = Math.min(due + ((now - last) / 1000) * perSecond, LARGEST_BURST);
    last = now;
    for (; due >= 1; due--) begin();
  }, 5);
}

/** @type {(report: () => object, longestSeconds: number) => void} Prints the report and ends as soon as standard input has ended; without one after the longest time. */
export function finishWith(report, longestSeconds) {
  const finish = () => process.stdout.write(JSON.stringify(report()), () => process.exit());
  process.stdin.on('end', finish).on('error', finish).resume();
  setTimeout(() => process.exit(1), longestSeconds * 1000);
}
