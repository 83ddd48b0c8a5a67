/** `npm run test:long` tries everything; CI a part of it, so that it stays short. */
export const isLong = process.env['NETTUNE_LONG'] === '1';

/** What a test is to be run with: in CI those that it names itself, so that each of all has its share of the tests. */
export const inCi = <Each>(all: readonly Each[], ...named: readonly Each[]): readonly Each[] => (isLong ? all : named);

/** As a shell is called; busybox brings its own awk, sed, grep and the like. */
export const SHELLS: readonly string[] = ['dash', 'bash --posix', 'busybox sh'];
