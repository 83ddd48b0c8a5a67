// Runs workers.ts, which uses what the tests use: Vite reads TypeScript for both.
import { runnerImport } from 'vite';

await runnerImport(new URL('workers.ts', import.meta.url).pathname);
