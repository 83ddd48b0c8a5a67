import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROFILE_SCHEMA } from '../../generated/texts.ts';
import { CHECKS } from '../../src/checks/checks.ts';
import { COMMANDS } from '../../src/commands/commands.ts';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { OUTPUTS } from '../../src/outputs/outputs.ts';
import { namesOf, PARAMETERS } from '../../src/parameters/parameters.ts';
import { compile } from '../../src/pipeline.ts';
import { describeKind } from '../../src/report/problem-formats/describe-kind.ts';
import { ROLES } from '../../src/roles/roles.ts';
import { RULES } from '../../src/rules/rules.ts';
import { sourceOf } from '../../src/values/source.ts';
import { CHECKOUT } from '../support/cli.ts';

/** Every entry stands in its table: a file that no table names would be dead without a word. */
describe('tables are complete', () => {
  const filesIn = (folder: string) => readdirSync(join(CHECKOUT, 'src', folder)).map((file) => file.replace('.ts', ''));

  it('every check has a row, named as its file', () => {
    expect(CHECKS.map(({ id }) => id).sort()).toEqual(
      filesIn('checks').filter((name) => name !== 'check' && name !== 'checks'),
    );
  });

  it('every output has a row, named as its file', () => {
    const others = [
      'iptables-rule',
      'iptables-service',
      'lease-rule',
      'nftables-rule',
      'output',
      'outputs',
      'owner-lines',
      'rules-unit',
    ];
    expect(OUTPUTS.map(({ id }) => id).sort()).toEqual(filesIn('outputs').filter((name) => !others.includes(name)));
  });

  it('every rule has a row, named as its file', () => {
    const others = [
      'bound',
      'expected-entries',
      'fallback',
      'host-causes',
      'local-ports',
      'memory-share',
      'modules',
      'outbound-rules',
      'packet-rules',
      'packet-tool',
      'rule',
      'rules',
      'table-buckets',
      'tracking',
      'translated-ports',
    ];
    expect(RULES.map(({ id }) => id).sort()).toEqual(filesIn('rules').filter((name) => !others.includes(name)));
  });

  it('every fault that the stages find has a row that describes it', () => {
    const others = ['nat-gateway', 'nettune-host', 'utf-8'];
    const files = ['', 'schema', 'yaml'].flatMap((folder) =>
      readdirSync(join(CHECKOUT, 'src', folder), { withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    const code = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('');
    const ids = [...code.matchAll(/'([a-z]+(?:-[a-z0-9]+)+)'/g)].flatMap(([, id = '']) => id);
    expect(ids).toContain('yaml-syntax');
    for (const id of ids.filter((each) => !others.includes(each))) expect(describeKind(id), id).toHaveProperty('what');
  });

  it('every family of parameters is in the catalogue', async () => {
    const others = [
      'bounds',
      'congestion-controls',
      'conntrack-modules',
      'describe-parameter',
      'effects',
      'extra-modules',
      'find-named',
      'folder-modules',
      'is-plausible',
      'known-kernels',
      'likely-name',
      'on-kernel',
      'parameter',
      'parameters',
      'queueing-disciplines',
      'refused-parameters',
      'stable-series',
      'suggest-parameter',
      'tcp-hash',
      'words',
    ];
    const families = await Promise.all(
      filesIn('parameters')
        .filter((name) => !others.includes(name))
        .map((name) => import(`../../src/parameters/${name}.ts`)),
    );
    expect(new Set(families.flatMap((family) => Object.values(family)).flat())).toEqual(new Set(PARAMETERS));
  });

  it('every command is added', () => {
    const others = [
      'command',
      'commands',
      'compile-paths',
      'describe-usage',
      'init-answers',
      'narrow-to-machine',
      'options',
      'program',
      'run-program',
      'unknown-parameter',
    ];
    expect(COMMANDS.map(({ name }) => name).sort()).toEqual(
      filesIn('commands').filter((name) => !others.includes(name)),
    );
  });

  it('every distribution that editors offer, and every role, has a row', () => {
    expect(DISTRIBUTIONS.map(({ id }) => id)).toEqual(PROFILE_SCHEMA.$defs.distribution.examples);
    expect(ROLES.map(({ role }) => role)).toEqual(PROFILE_SCHEMA.properties.role.enum);
  });
});

describe('rows keep their promises', () => {
  it('no parameter has a name that another one has', () => {
    const names = PARAMETERS.flatMap(namesOf);
    expect(names).toEqual([...new Set(names)]);
  });

  /** A range that some kernels narrow, where the one to emit is right for today's: the kernel's own bounds are held against each value too. */
  const NARROWER_ON_SOME = [
    'net.core.somaxconn',
    'net.ipv4.tcp_rmem',
    'net.ipv4.tcp_tw_reuse',
    'net.netfilter.nf_conntrack_events',
    'net.netfilter.nf_conntrack_tcp_loose',
    'fs.file-max',
  ];

  it.each(PARAMETERS.filter(({ name, safe }) => safe && !NARROWER_ON_SOME.includes(name)))(
    '$name: what nettune writes lies within what every kernel accepts',
    ({ safe, accepts = [] }) => {
      for (const { min, max } of accepts) {
        expect(safe?.min).toBeGreaterThanOrEqual(min);
        expect(safe?.max).toBeLessThanOrEqual(max);
      }
    },
  );

  it('no two outputs claim the same place', () => {
    const places = OUTPUTS.flatMap(({ territory }) => territory);
    for (const place of places) expect(places.filter((other) => other.startsWith(place))).toEqual([place]);
  });

  it.each(['web-server', 'squid-proxy', 'nat-gateway'])(
    '%s: every artifact lies in the territory of its output',
    (role) => {
      for (const distribution of PROFILE_SCHEMA.$defs.distribution.examples) {
        const text = `name: shop\nextends: ${role}\nhost: { distribution: ${distribution} }\n`;
        const { compiled } = compile([sourceOf('shop.yaml', text)]);
        for (const { path, output } of compiled.flatMap(({ artifacts }) => artifacts())) {
          const territory = OUTPUTS.find(({ id }) => id === output)?.territory ?? [];
          expect(
            territory.filter((beginning) => path.startsWith(`shop/${beginning}`)),
            path,
          ).toHaveLength(1);
        }
      }
    },
  );
});
