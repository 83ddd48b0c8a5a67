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

const FORMATS = ['text', 'json', 'markdown'] as const;

export type Format = (typeof FORMATS)[number];

export const formatOption = (): Option =>
  new Option('--format <format>', 'for people, for programs, for a pull request').choices(FORMATS).default('text');
