import { REPOSITORY, VERSION } from '#generated/texts.ts';
import { printableJson } from '../../text/printable.ts';
import { describeKind } from './describe-kind.ts';
import { type KnownProblem, knowProblems, sentenceOf, worstFirst } from './fingerprints.ts';
import type { FormatProblems } from './problem-format.ts';
import type { RepositoryPlace } from './repository-places.ts';

/** As many as GitHub takes: results of a run, and places of a result. */
const MOST = { results: 25_000, places: 1_000 };

const ROOT = '%SRCROOT%';

/** A log in SARIF 2.1.0, for code scanning. */
export const formatSarif: FormatProblems = (report) => {
  const known = worstFirst(knowProblems(report)).slice(0, MOST.results);
  const kinds = [...new Set(known.map(({ problem }) => problem.id))].sort();
  const run = {
    tool: { driver: { name: 'nettune', version: VERSION, informationUri: REPOSITORY, rules: kinds.map(formatRule) } },
    columnKind: 'unicodeCodePoints',
    originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
    results: known.map((each) => formatResult(each, kinds)),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${printableJson(log)}\n`;
};

function formatRule(id: string) {
  const { what, why, fix } = describeKind(id);
  return {
    id,
    ...(what ? { shortDescription: { text: what } } : {}),
    ...(why ? { fullDescription: { text: why } } : {}),
    ...(fix ? { help: { text: fix } } : {}),
  };
}

function formatResult({ problem, places, fingerprint }: KnownProblem, kinds: readonly string[]) {
  const [main, ...others] = places.slice(0, MOST.places + 1).map(formatPlace);
  return {
    ruleId: problem.id,
    ruleIndex: kinds.indexOf(problem.id),
    level: problem.severity,
    message: { text: escapeLinks(sentenceOf(problem)) },
    ...(main ? { locations: [main] } : {}),
    ...(others.length > 0 ? { relatedLocations: others.map((place, index) => ({ id: index + 1, ...place })) } : {}),
    partialFingerprints: { primaryLocationLineHash: fingerprint },
  };
}

function formatPlace({ path, line, column, endColumn }: RepositoryPlace) {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: ROOT },
      region: { startLine: line, startColumn: column, endLine: line, endColumn },
    },
  };
}

/** `[text](target)` in a message would be a link. */
function escapeLinks(text: string): string {
  return text.replace(/[\\[\]]/g, '\\$&');
}
