import fc from 'fast-check';

/** So that moments at which something fails can be tried again; in CI they are always the same. */
export const SEED = Number(process.env['NETTUNE_SEED'] ?? (process.env['CI'] ? 20261129 : Date.now() % 2 ** 31));

/** Shares of the time that a run takes, in thousandths. */
export function sampleMoments(count: number, seed = SEED): number[] {
  const thousandths = fc.noBias(fc.integer({ min: 0, max: 999 }));
  return fc.sample(thousandths, { seed, numRuns: count }).map((each) => each / 1000);
}
