import type { Check } from '../../../src/checks/check.ts';
import { CHECKS } from '../../../src/checks/checks.ts';
import { code, generatedFrom, page, table } from './markdown.ts';

/** docs/reference/checks.md, from the rows of src/checks. */
export function checksPage(): string {
  return page(
    '# Checks',
    generatedFrom('the rows in `src/checks`'),
    'What must hold before anything is written. `nettune validate` and `nettune render` check all of it; `nettune checks ID` says of one what stands here.',
    'An error stops `render`. A warning does so only with `--fail-on warning`. `allow` in a profile silences a check, with a reason, except checks that guard the host against the profile.',
    table(
      ['check', 'severity', 'holds'],
      CHECKS.map((check) => [`[${code(check.id)}](#${check.id})`, severityOf(check), check.what]),
    ),
    CHECKS.flatMap(describe),
  );
}

function severityOf({ severity, softens }: Check): string {
  return `${severity}${softens ? ' or warning' : ''}`;
}

function describe(check: Check): string[] {
  const { id, what, why, fix, source, mandatory } = check;
  const cases = `../../test/problems/checks/${id}`;
  return [
    `## ${id}`,
    `${severityOf(check)}${mandatory ? '; cannot be silenced' : ''}`,
    [
      `- **Holds:** ${what}`,
      `- **Why:** ${why}`,
      `- **Do:** ${fix}`,
      `- **Source:** ${source.replace(/docs\/(\S+\.md)/g, '[$&](../$1)')}`,
      `- **Example:** [what it says](${cases}/report.txt) of a profile that fails it`,
    ].join('\n'),
  ];
}
