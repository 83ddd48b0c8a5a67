import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ xmllint: 'libxml2-utils' });

const xmllint = (args: readonly string[], input: string) =>
  spawnSync('xmllint', [...args, '-'], { input, encoding: 'utf8' });

const isReport = (xml: string) => xmllint(['--noout', '--schema', join(CHECKOUT, 'test/support/junit.xsd')], xml);

const junit = (cwd: string, ...args: string[]) => nettune(['validate', '--format', 'junit', ...args], { cwd }).stdout;

const select = (xml: string, path: string) => xmllint(['--xpath', path], xml).stdout.trim();

it('every broken profile of the tests ends in a report that is XML, and has the structure that CI systems know', () => {
  for (const folder of ['cases', 'checks']) {
    const root = join(CHECKOUT, 'test/problems', folder);
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
    const xml = junit(root, ...names);
    const { status, stderr } = isReport(xml);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '- validates\n' });
    expect(Number(select(xml, 'string(/testsuites/@failures)'))).toBe(Number(select(xml, 'count(//failure)')));
  }
});

it('what is no report is noticed', () => {
  const [xml] = [junit(CHECKOUT, 'web-server')];
  expect(isReport(xml).status).toBe(0);
  for (const broken of [xml.replace(' tests=', ' test='), xml.replace('no problems', '&'), xml.replace('"1"', '"x"')])
    expect(isReport(broken).status).not.toBe(0);
});

it('a file and a value named with every character below U+0100 are XML, and so are brackets and quotes', () => {
  const characters = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1)).join('');
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'p'));
  writeFileSync(join(cwd, 'p', `${characters.replace('/', '').slice(0, 150)}.yaml`), 'name: x\nextends: y\n');
  writeFileSync(join(cwd, 'p', 'b.yaml'), `name: ${JSON.stringify(`${characters.slice(0, 60)}`)}\n`);
  writeFileSync(
    join(cwd, 'p', 'c.yaml'),
    `name: ${JSON.stringify(']]><x a="1">&amp;\ufffe\u2028')}\nextends: web-server\n`,
  );
  const xml = junit(cwd, 'p');
  expect(isReport(xml)).toMatchObject({ status: 0, stderr: '- validates\n' });
  expect(select(xml, 'string(//testcase[@file="p/c.yaml"]/failure/@message)')).toContain(
    '`]]><x a="1">&amp;<U+FFFE><U+2028>`',
  );
});

it('a profile that is fine passes, one that shares a broken base does not, and a warning passes unless it counts', () => {
  const cwd = temporaryFolder({
    'a.yaml': 'name: a\nextends: ./_base.yaml\n',
    'b.yaml': 'name: b\nextends: ./_base.yaml\n',
    'fine.yaml': 'name: fine\nextends: web-server\n',
    'warned.yaml': 'name: warned\nextends: web-server\nsysctl: { net.core.somaxconn: { value: 32768 } }\n',
    '_base.yaml': 'extends: web-server\nhost: { memory: 16GB }\n',
  });
  const xml = junit(cwd, '.');
  const read = (path: string) => select(xml, `string(${path})`);
  expect(read('count(//testsuite)')).toBe('3');
  expect(read('//testsuite[@name="a.yaml"]/testcase[failure]/@file')).toBe('_base.yaml');
  expect(read('//testsuite[@name="fine.yaml"]/testcase/@name')).toBe('no problems');
  expect(read('count(//testsuite[@name="fine.yaml"]/testcase/*)')).toBe('0');
  expect(read('//testsuite[@name="warned.yaml"]/@failures')).toBe('0');
  expect(read('//testsuite[@name="warned.yaml"]/testcase/system-out')).toContain('warning: ');
  const strict = junit(cwd, 'warned.yaml', '--fail-on', 'warning');
  expect(select(strict, 'string(/testsuites/@failures)')).toBe('1');
});
