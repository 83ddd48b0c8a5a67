// The catalogue against sources of kernels: `npm run bench:sources -- 6.1.192=/usr/src/linux-source-6.1 4.18.0-553.el8=/src/el8`.
import { readKernel } from '../src/parameters/known-kernels.ts';
import { compareTree } from './compare-tree.ts';
import { SourceTree } from './read-tables.ts';

for (const argument of process.argv.slice(2)) {
  const [release = '', folder = ''] = argument.split('=');
  const build = readKernel(release);
  if (!build || folder === '')
    throw new Error(`${argument}: write RELEASE=FOLDER, the release as \`uname -r\` prints it`);
  const found = compareTree(new SourceTree(folder), build);
  console.log(`${release} in ${folder}: ${found.length} disagreements`);
  for (const { name, about, catalogue, source } of found)
    console.log(`  ${name}: ${about}: catalogue ${catalogue}, source ${source}`);
  if (found.length > 0) process.exitCode = 1;
}
