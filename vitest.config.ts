import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that a test may take where it waits for programs, machines or thousands of runs. */
const PATIENCE: Readonly<Record<string, number>> = {
  boot: 300,
  kernel: 180,
  machine: 600,
  measured: 180,
  programs: 120,
  properties: 120,
};

const QUICK = 30;

/**
 * Two files side by side: tests mostly wait for a program, for packets that do not come, or for a machine with one processor.
 * Hosts of a file that says `concurrent` are three at a time. What is measured while time goes by runs alone.
 */
const WORKERS: Readonly<Record<string, object>> = {
  kernel: { maxWorkers: 2, maxConcurrency: 3, sequence: { groupOrder: 1 } },
  machine: { maxWorkers: 2, sequence: { groupOrder: 2 } },
  measured: { maxWorkers: 1, sequence: { groupOrder: 3 } },
};

/**
 * Files of a worker share its modules, which take longer to load than most of these files' tests: nothing in src/ remembers
 * a folder, an environment or a run.
 */
const SHARING = ['golden', 'problems', 'properties', 'unit'];

/** Files that take as long as half of their layer. Begun last, one of them would keep one of two workers idle. */
const LONGEST = ['machine/pages.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) => LONGEST.some((path) => moduleId.endsWith(`/${path}`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLongest), ...sorted.filter((each) => !isLongest(each))];
  }
}

/** Every folder of test/ is a layer, and those without tests are none to vitest. */
const layers = readdirSync('test', { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: layers.map((name) => {
      const timeout = (PATIENCE[name] ?? QUICK) * 1000;
      return {
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          isolate: !SHARING.includes(name),
          setupFiles: 'test/support/same-seed-in-ci.ts',
          testTimeout: timeout,
          hookTimeout: timeout,
          ...(WORKERS[name] ?? { maxWorkers: 2 }),
        },
      };
    }),
  },
});
