import { globSync } from 'tinyglobby';
import { CHECKOUT } from '../cli.ts';

/** All that is there to be read about the use of nettune. */
export const PAGES: readonly string[] = globSync(['README.md', 'docs/**/*.md'], { cwd: CHECKOUT }).sort();
