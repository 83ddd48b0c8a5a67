// The catalogue against sources of kernels: `npm run bench:sources -- /usr/src/linux-source-6.1 almalinux-kernel.git@9.6`.
import { readKernel } from '../src/parameters/known-kernels.ts';
import { compareTree } from './compare-tree.ts';
import { openTree } from './open-tree.ts';
import { SourceTree } from './read-tables.ts';

for (const argument of process.argv.slice(2)) {
  const { folder, release, close } = openTree(argument);
  try {
    const build = readKernel(release);
    if (!build) throw new Error(`${argument}: ${release} is no release of a kernel`);
    const found = compareTree(new SourceTree(folder), build);
    console.log(`${release} in ${argument}: ${found.length} disagreements`);
    for (const { name, about, catalogue, source } of found)
      console.log(`  ${name}: ${about}: catalogue ${catalogue}, source ${source}`);
    if (found.length > 0) process.exitCode = 1;
  } finally {
    close();
  }
}
