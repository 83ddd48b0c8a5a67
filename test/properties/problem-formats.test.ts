import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatStepSummary } from '../../src/report/format-step-summary.ts';
import type { ProblemReport } from '../../src/report/problem-formats/problem-format.ts';
import { PROBLEM_FORMATS } from '../../src/report/problem-formats/problem-formats.ts';
import { plain } from '../../src/report/style.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileBytes, writeYaml } from '../support/compile-profile.ts';
import { REPORT_SCHEMAS } from '../support/report-schemas.ts';

/** Nothing that a terminal, a CI log or a parser could take for more than text. The newline ends lines. */
const UNPRINTABLE = /[^\P{C}\n]|\p{Zl}|\p{Zp}/u;

/** Valid ones, and ones with hostile keys, values and types all over. */
const hostileProfile = fc.oneof(
  arbitraryProfile(hostileText),
  fc.dictionary(
    fc.oneof(hostileText, fc.constantFrom('name', 'host', 'traffic', 'sysctl', 'allow')),
    fc.anything({
      key: hostileText,
      values: [hostileText, fc.integer()],
      maxDepth: 2,
    }),
  ),
);

/** A file's name may hold anything but NUL and a slash. */
const hostileName = hostileText.map((text) => text.replace(/[\0/]/g, '') || 'x');

const report = fc.tuple(hostileProfile, hostileName).map(([profile, name]): ProblemReport => {
  const bytes = new TextEncoder().encode(writeYaml(profile) ?? '');
  const { problems } = compileBytes(bytes, name);
  return { problems, profiles: [name], isFailure: ({ severity }) => severity === 'error', pathOf: (path) => path };
});

/** What a format's readers have against a text. */
function listFaults(id: string, text: string): unknown {
  const isValid = REPORT_SCHEMAS[id];
  return !isValid || isValid(JSON.parse(text)) ? [] : isValid.errors;
}

/** Lines that GitHub would take for commands, and those that it would not. */
function splitCommands(text: string) {
  const lines = text.split('\n').filter((line) => line !== '');
  const isCommand = (line: string) => /^\s*::/.test(line);
  return { commands: lines.filter(isCommand), others: lines.filter((line) => !isCommand(line)) };
}

describe('any profile, under any name, makes a valid report', () => {
  it.each(PROBLEM_FORMATS)('$id', async ({ id, load }) => {
    const format = await load();
    fc.assert(
      fc.property(report, (each) => {
        const text = format(each, plain);
        expect(text).not.toMatch(UNPRINTABLE);
        expect(text).not.toMatch(/##(?=[\w.]*\[)/);
        const { commands, others } = splitCommands(text);
        expect(id === 'github' ? others : commands).toEqual([]);
        for (const command of commands) expect(command).toMatch(/^::(error|warning|notice) title=[^:]*::./);
        expect(listFaults(id, text)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('in the summary of a step', () => {
    fc.assert(
      fc.property(report, fc.integer({ min: 0, max: 5000 }), (each, room) => {
        const text = formatStepSummary(each, room);
        expect(text).not.toMatch(UNPRINTABLE);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(room);
        for (const row of text.split('\n').filter((line) => /^\| (error|warning)/.test(line))) {
          expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
          expect(row.replace(/`[^`]*`/g, '')).toMatch(/^[a-z| ]*$/);
        }
      }),
      { numRuns: 400 },
    );
  });
});
