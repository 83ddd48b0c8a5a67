/** `npm run test:long` tries everything; CI a part of it, so that it stays short. */
export const isLong = process.env['NETTUNE_LONG'] === '1';

/** As a shell is called; busybox brings its own awk, sed, grep and the like. */
const SHELLS = ['dash', 'bash --posix', 'busybox sh'] as const;

/** The shells that a test runs in: in CI the one that it names, so that each shell has its share of the tests. */
export const shells = (inCi: (typeof SHELLS)[number]): readonly string[] => (isLong ? SHELLS : [inCi]);
