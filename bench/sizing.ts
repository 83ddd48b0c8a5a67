// Entries and ports under real load against what the formulas of src/sizing say, written to bench/sizing.md.
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { TIME_WAIT_SECONDS } from '../src/sizing/busy-ports.ts';
import { type Comparison, compareRun, reached } from '../test/support/load/compare-run.ts';
import { type Run, runScenario } from '../test/support/load/run-scenario.ts';
import { AS_ON_A_HOST, SCENARIOS } from '../test/support/load/scenarios.ts';
import { watchCount } from '../test/support/load/watch-count.ts';

const HEAD = `# Formulas against the kernel

Made by \`npm run bench:sizing\`, as root: three network namespaces in a row, real connections from programs that report what
they really did, the host in the middle with the timeouts and packet rules of its plan. While the load goes on, the entries
of that host are listed by state. *Predicted* is what \`src/sizing\` says for the rates that were reached in the last seconds
in which something stays; \`test/measured/sizing.test.ts\` fails when the two are more than 10 % apart.

Timeouts are short, so that entries end as fast as new ones begin: TIME_WAIT 5 s, UDP streams 6 s.
`;

const FOOT = `## What the formulas leave out

- **Between states**: a TCP connection that is being opened or closed is in none of the states above, for as long as its
  packets travel. Between namespaces that is next to nothing; it grows with the round trip, at 100 ms to a few tenths of a
  second of new connections.
- **UDP before it is a stream**: a dialogue has its entry from the first packet on, and the stream timeout begins with its
  last one. The formula counts only the latter: at the gateway's 300 s, a dialogue of 3 s is 1 % more.
- **Expired entries**: since 4.9 they stay, and count towards \`nf_conntrack_max\`, until a packet comes through their hash
  bucket or the collector makes its round, which it does once a minute or more often. A full table drops a new connection
  even then, unless there is one near by that is not yet assured. The headroom of 1.5 is what they live in; how much of
  it they take differs from run to run, and up to 1.43 times the prediction has been counted.
  Source: nf_conntrack_core.c, gc_worker() and early_drop_list().
`;

const STATES = { open: 'open', timeWait: 'TIME_WAIT', udp: 'UDP streams' } as const;
const TABLE_HEAD = ['| what | predicted | counted | ratio |', '|---|---:|---:|---:|'];

/** A row of a table. */
function compare(what: string, predicted: number, counted: number): string {
  const ratio =
    predicted > 0 ? (counted / predicted).toFixed(3) : counted === 0 ? 'none, as predicted' : 'should be none';
  return `| ${what} | ${formatCount(predicted)} | ${formatCount(counted)} | ${ratio} |`;
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function describeRun(title: string, { kernelCount }: Run, comparison: Comparison): string[] {
  const { predicted, counted, ports } = comparison;
  const loads = Object.entries(comparison.reached).map(
    ([name, { perSecond, open }]) => `${name} ${perSecond.toFixed(1)}/s${open > 0 ? ` and ${open} open` : ''}`,
  );
  const states = Object.entries(STATES) as [keyof typeof STATES, string][];
  return [
    `## ${title[0]?.toUpperCase()}${title.slice(1)}`,
    '',
    `Reached: ${loads.join('; ')}.`,
    '',
    ...TABLE_HEAD,
    ...states.map(([state, name]) => compare(name, predicted[state], counted[state])),
    ...(ports ? [compare('ports to the busiest place', ports.predicted, ports.counted)] : []),
    '',
    `Left out: ${counted.between} between states, ${counted.beginning} UDP dialogues in their first two seconds,`,
    `${formatCount(kernelCount.before - kernelCount.after)} expired entries that the kernel still counted.`,
    '',
  ];
}

/** The kernel's own count, with a timeout as hosts have it. */
async function describeCount(): Promise<string[]> {
  const watched = await watchCount(AS_ON_A_HOST, 2 * TIME_WAIT_SECONDS);
  const { perSecond, open } = reached(watched, 'served', TIME_WAIT_SECONDS);
  const predicted = perSecond * TIME_WAIT_SECONDS + open;
  const { counts } = watched;
  const mean = counts.reduce((total, count) => total + count, 0) / counts.length;
  return [
    `Linux ${/^\d+\.\d+/.exec(release())?.[0]}, a web server that tracks all, TIME_WAIT 60 s, ${perSecond.toFixed(1)}/s and ${open} open:`,
    `\`nf_conntrack_count\` every other second of minutes 3 to ${AS_ON_A_HOST.seconds / 60}. Nobody lists the entries meanwhile, which would remove those that`,
    'have expired.',
    '',
    ...TABLE_HEAD,
    compare('least', predicted, Math.min(...counts)),
    compare('mean', predicted, mean),
    compare('most', predicted, Math.max(...counts)),
    '',
  ];
}

const sections: string[] = [];
for (const scenario of SCENARIOS) {
  const run = await runScenario(scenario);
  sections.push(...describeRun(scenario.title, run, compareRun(scenario, run)));
}
const count = await describeCount();
writeFileSync(new URL('sizing.md', import.meta.url), `${HEAD}\n${sections.join('\n')}\n${FOOT}\n${count.join('\n')}`);
