// Runs sources.ts, which uses the catalogue: Vite reads TypeScript.
import { runnerImport } from 'vite';

await runnerImport(new URL('sources.ts', import.meta.url).pathname);
