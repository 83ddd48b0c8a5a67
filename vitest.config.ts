import { defineConfig } from 'vitest/config';

/** A layer is a folder of test/; `npm test` runs those that need nothing, `npm run test:all` all of them. */
const layer = (name: string, timeoutSeconds: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
  },
});

export default defineConfig({
  test: {
    projects: [
      layer('unit', 20),
      layer('golden', 20),
      layer('problems', 30),
      layer('properties', 120),
      layer('programs', 120),
      layer('kernel', 180),
      layer('boot', 300),
    ],
  },
});
