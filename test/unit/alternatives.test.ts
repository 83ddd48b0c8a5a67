import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Alternative } from '../../src/values/alternative.ts';
import { callNettune } from '../support/call-nettune.ts';
import { compileBytes } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';

const explained = (text: string) =>
  compileBytes(new TextEncoder().encode(`name: shop\n${text}`)).compiled[0]?.explain().alternatives ?? [];

const idsOf = (alternatives: readonly Alternative[]) => alternatives.map(({ id }) => id);
const find = (alternatives: readonly Alternative[], id: Alternative['id']) =>
  alternatives.find((each) => each.id === id);

const TRAFFIC = 'traffic: { ports: [80], connectionsPerSecond: 1000, concurrentConnections: 400, outbound: [] }';
const WEB = `extends: web-server\n${TRAFFIC}\n`;

describe('ways to keep the connection table from filling', () => {
  it('have the entries of rate × timer + open, and of what is untracked none', () => {
    const ways = explained(WEB);
    expect(ways.map(({ id, entries }) => [id, entries])).toEqual([
      ['larger-table', 60_400],
      ['short-timers', 10_400],
      ['untracking', 0],
    ]);
  });

  it('need as much room with a short timer as with 60 s, since expired entries count from 4.9 on', () => {
    const [before, since] = ['4.8', '4.9'].map((kernel) => explained(`${WEB}host: { kernel: "${kernel}" }\n`));
    expect(find(before ?? [], 'short-timers')?.needed).toBe(15_600);
    expect(find(since ?? [], 'short-timers')?.needed).toBe(find(since ?? [], 'larger-table')?.needed);
  });

  it('are sized as nettune would size a profile that has them', () => {
    for (const { keys, table } of explained(WEB)) {
      const { 'conntrack.untracked.served': served, 'conntrack.timeouts.timeWait': timeWait = '60s' } = keys;
      const maximum = keys['conntrack.maximum'];
      const conntrack = JSON.stringify({ untracked: { served }, timeouts: { timeWait }, maximum: maximum ?? 'auto' });
      const text = new TextEncoder().encode(`name: shop\n${WEB}conntrack: ${conntrack}\n`);
      const decisions = compileBytes(text).compiled[0]?.plan.decisions;
      expect(decisions?.find(({ parameter }) => parameter === 'net.netfilter.nf_conntrack_max')?.value).toBe(table);
    }
  });

  it.each([
    ['untracked: { served: true }', 'untracking'],
    ['untracked: { served: false }', 'larger-table'],
    ['{ untracked: { served: false }, timeouts: { timeWait: 10s } }', 'short-timers'],
  ])('name the one that the profile has: %s', (conntrack, id) => {
    const ways = explained(`${WEB}conntrack: ${conntrack.startsWith('{') ? conntrack : `{ ${conntrack} }`}\n`);
    expect(idsOf(ways.filter(({ isChosen }) => isChosen))).toEqual([id]);
  });

  it('say so where memory has cut the table', () => {
    const ways = explained(`${WEB}host: { memory: 1GiB }\n`);
    expect(ways.map(({ id, fits }) => [id, fits])).toEqual([
      ['larger-table', false],
      ['short-timers', false],
      ['untracking', true],
    ]);
  });

  it.each([
    ['a gateway, which cannot do without the table', 'extends: nat-gateway\n', []],
    ['a host without figures', 'extends: web-server\ntraffic: null\nconntrack: null\n', []],
    ['a host that tracks nothing', `${WEB}firewall: { filter: none }\nconntrack: { tracking: none }\n`, []],
    ['translated ports', `${WEB}firewall: { translated: [80] }\n`, ['larger-table', 'short-timers']],
    [
      'an intercepting Squid',
      'extends: squid-proxy\nsquid: { intercepting: true }\n',
      ['larger-table', 'short-timers'],
    ],
  ])('are those that are possible: %s', (_, text, ids) => {
    expect(idsOf(explained(text))).toEqual(ids);
  });
});

describe('nettune init takes the first way that fits, and says why', () => {
  it.each([
    ['room enough', 'debian-12', '16GiB', 5000, false, undefined, /302,000 entries .+ no packet rule is needed/],
    ['too little room', 'debian-12', '1GiB', 1050, true, undefined, /63,100 entries .+ would not fit 2 % of memory/],
    ['a kernel whose timers are exact', 'centos-6', '1GiB', 1050, false, '10s', /tracked with a short timer/],
  ])('%s', async (_, distribution, memory, rate, served, timeWait, says) => {
    const cwd = temporaryFolder();
    const host = ['--distribution', distribution, '--memory', memory, '--connections-per-second', `${rate}`];
    const open = rate === 5000 ? '2000' : '100';
    await callNettune(['init', 'web-server', '.', '--yes', ...host, '--concurrent-connections', open], { cwd });
    const text = readFileSync(join(cwd, 'profiles/web.yaml'), 'utf8');
    const { conntrack } = parse(text);
    expect({ served: conntrack.untracked.served, timeWait: conntrack.timeouts.timeWait }).toEqual({ served, timeWait });
    expect(text.replaceAll('\n  # ', ' ')).toMatch(says);
  });
});
