// Builds generated/ first, which the program imports, and then dist/. Runs in the root of the checkout.
import { mkdir } from 'node:fs/promises';
import { bundle } from './bundle.mjs';
import { generate } from './generate.mjs';

for (const folder of ['generated', 'dist']) {
  await mkdir(folder, { recursive: true }); // not removed first: the program may be running
}
await generate();
await bundle();
