import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Compiled } from '../../src/values/compilation.ts';
import { formatValue } from '../../src/values/format-value.ts';
import { readApacheConfig, writeApacheConfig } from '../support/apache.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('Apache', () => {
  it('accepts the snippet of any web server, and reads from it what was decided, without cutting anything', () => {
    const folder = temporaryFolder();
    const snippet = join(folder, 'snippet.conf');
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        // Parameters of the kernel are none of Apache's, and few of these profiles would be left.
        const ofApache = { ...profile, role: 'web-server', server: 'apache', sysctl: {} } as const;
        const { compiled, problems } = compileProfile(ofApache);
        fc.pre(problems.every(({ severity }) => severity === 'warning')); // with an error nothing is rendered
        const artifact = compiled.flatMap(({ artifacts }) => artifacts()).find(({ output }) => output === 'apache');
        writeFileSync(snippet, artifact?.content ?? '');
        const { verdict, directives } = readApacheConfig(
          writeApacheConfig(folder, profile.apache?.mpm ?? 'event', snippet),
        );
        expect(verdict).toBe('Syntax OK');
        const decided = compiled
          .flatMap(({ plan }) => plan.decisions)
          .filter(({ parameter }) => artifact?.carries.includes(parameter));
        expect(directives).toEqual(
          expect.arrayContaining(
            decided.map(({ parameter, value }) => `${nameOf(parameter, compiled)} ${formatValue(value)}`),
          ),
        );
      }),
      // Few of them have no problem at all.
      { numRuns: 60, maxSkipsPerRun: 1000 },
    );
  });

  /** What httpd 2.2 calls MaxRequestWorkers, 2.4 takes as well. */
  function nameOf(parameter: string, compiled: readonly Compiled[]): string {
    const isOld = compiled[0]?.plan.host.distribution.programs.httpd.startsWith('2.2');
    return isOld ? parameter.replace('MaxRequestWorkers', 'MaxClients') : parameter;
  }

  it('says so when a limit is cut: these tests would see it', () => {
    const folder = temporaryFolder({ 'snippet.conf': 'MaxRequestWorkers 1000\n' });
    expect(readApacheConfig(writeApacheConfig(folder, 'event', join(folder, 'snippet.conf'))).verdict).toContain(
      'AH00515',
    );
  });

  it('leaves the limits of another MPM alone', () => {
    const folder = temporaryFolder();
    const { compiled } = compileProfile({
      name: 'shop',
      role: 'web-server',
      host: { distribution: 'debian-12', memory: '16GiB' },
    });
    writeFileSync(
      join(folder, 'snippet.conf'),
      compiled[0]?.artifacts().find(({ output }) => output === 'apache')?.content ?? '',
    );
    const { verdict, directives } = readApacheConfig(
      writeApacheConfig(folder, 'prefork', join(folder, 'snippet.conf')),
    );
    expect(verdict).toBe('Syntax OK');
    expect(directives.join('\n')).not.toContain('MaxRequestWorkers');
  });
});
