import { expect } from 'vitest';
import type { Host, Outcome } from './namespaces.ts';

/**
 * All rules of both families, without counters and comments. A table in which there is nothing but empty chains that
 * accept is left out: iptables makes it when it is first looked at, and nothing can take it away.
 */
export function rulesOf(host: Host): string {
  return readRules(host, () => true);
}

/** The rules that are not ours. */
export function foreignRulesOf(host: Host): string {
  return readRules(host, (line) => !/NT-(PRE|OUT|EST|NEW|ANS|ERR)-/.test(line));
}

function readRules(host: Host, keep: (line: string) => boolean): string {
  const tables = ['iptables-save', 'ip6tables-save'].flatMap((program) => {
    const lines = host
      .must(program)
      .replace(/\[\d+:\d+\]/g, '')
      .split('\n');
    const kept = lines.filter((line) => line !== '' && !line.startsWith('#') && keep(line));
    return kept
      .join('\n')
      .split(/^(?=\*)/m)
      .map((table) => `${program} ${table.trim()}`);
  });
  return tables
    .filter((table) => /^(-A|:\S+ (?!ACCEPT))/m.test(table))
    .sort()
    .join('\n');
}

/** One line for each connection in the table. */
export function connectionsOf(host: Host): string[] {
  return host.must('conntrack', '-L').split('\n').filter(Boolean);
}

export function expectDone(outcome: Outcome): void {
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
}
