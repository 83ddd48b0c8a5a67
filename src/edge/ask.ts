import { createInterface } from 'node:readline/promises';
import { Interrupted } from './interruption.ts';
import { Misuse } from './misuse.ts';

/** Somebody at a terminal. */
export interface Dialogue {
  /** The line that is typed after the question. */
  readonly ask: (question: string) => Promise<string>;
  readonly close: () => void;
}

/** Whether there is somebody to ask: who reads what is written, and types. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Asks on standard error, which leaves standard output to the product. Lines that are typed ahead are kept. */
export function openDialogue(): Dialogue {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const lines = terminal[Symbol.asyncIterator]();
  let isInterrupted = false;
  terminal.on('SIGINT', () => {
    isInterrupted = true;
    terminal.close();
  });
  return {
    ask: async (question) => {
      terminal.setPrompt(question);
      terminal.prompt();
      const { value, done } = await lines.next();
      if (!done) return value;
      process.stderr.write('\n');
      if (isInterrupted) throw new Interrupted('SIGINT', 'nothing was written');
      throw new Misuse('the questions were not answered to the end; nothing was written');
    },
    close: () => terminal.close(),
  };
}
