import { constants } from 'node:os';

/** Signals that ask a program to end: Ctrl-C, `kill`, and the terminal that is gone. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type EndingSignal = (typeof SIGNALS)[number];

/** A signal has ended the run, between two steps of it. */
export class Interrupted extends Error {
  readonly signal: EndingSignal;
  constructor(signal: EndingSignal, done: string) {
    super(done);
    this.signal = signal;
  }
}

/** Lets a signal in, and ends the run if one has come; `done` says how far the run is. */
export type Pause = (done: () => string) => Promise<void>;

/** Does what must not be cut off anywhere: a signal ends it where it pauses. */
export async function betweenSteps<Result>(action: (pause: Pause) => Promise<Result>): Promise<Result> {
  let received: EndingSignal | undefined;
  const remember = (signal: NodeJS.Signals) => {
    received ??= signal as EndingSignal;
  };
  for (const signal of SIGNALS) process.on(signal, remember);
  const pause: Pause = async (done) => {
    await new Promise(setImmediate); // a signal is noticed only between two turns of Node's loop
    if (received) throw new Interrupted(received, done());
  };
  try {
    const result = await action(pause);
    await pause(() => 'all files were written');
    return result;
  } finally {
    for (const signal of SIGNALS) process.off(signal, remember);
  }
}

/** As if the signal had never been held back: a shell that runs a loop ends it too. */
export function endBySignal(signal: EndingSignal): void {
  process.exitCode = 128 + constants.signals[signal]; // the first process of a container is not ended by a signal
  process.kill(process.pid, signal);
}
