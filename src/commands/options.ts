import { Option } from 'commander';

/** The PATHs that every command which reads profiles takes. */
export const PATHS = [
  '[PATH...]',
  'files, folders (their *.yaml and *.yml), globs, or - for standard input; default: profiles',
] as const;

export const failOn = (): Option =>
  new Option('--fail-on <severity>', 'the least severity that counts as a failure')
    .choices(['warning', 'error'])
    .default('error');
