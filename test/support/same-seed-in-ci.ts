import fc from 'fast-check';

/** The same commit gets the same verdict in CI; everywhere else each run looks at other cases. */
if (process.env['CI']) fc.configureGlobal({ seed: 20261122 });
