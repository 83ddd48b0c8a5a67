import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nettune } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

requirePrograms({ 'ansible-galaxy': 'ansible-core', 'ansible-lint': 'ansible-lint' });

const PROFILES = {
  'profiles/shop.yaml': 'name: shop\nextends: web-server\n',
  'profiles/front-office.yaml': 'name: front-office\nextends: nat-gateway\n',
  'profiles/museum.yaml': 'name: museum\nextends: nat-gateway\nhost: { distribution: centos-6 }\n',
};
const COLLECTION = 'ansible_collections/acme/tuning';

/** In a home of its own, since Ansible keeps files there. */
function run(cwd: string, program: string, args: readonly string[], where = '') {
  const env = {
    ...process.env,
    HOME: cwd,
    ANSIBLE_NOCOLOR: '1',
    NO_COLOR: '1',
    ANSIBLE_COLLECTIONS_PATH: join(cwd, where === '' ? 'installed' : 'out'),
  };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: join(cwd, where), env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const render = (cwd: string, ...args: string[]) =>
  nettune(['render', '--collection', 'acme.tuning:1.2.0', ...args], { cwd });

function rendered(): string {
  const cwd = temporaryFolder(PROFILES);
  const said = expect.stringContaining('museum: no ansible: the role needs systemd');
  expect(render(cwd)).toMatchObject({ code: 0, stdout: said });
  return cwd;
}

describe('nettune render --collection', () => {
  it('gathers the roles that there are, with what they take to hosts, and a playbook for each', () => {
    const cwd = rendered();
    const tree = readTree(join(cwd, 'out'));
    // Their variables say where they find that.
    const roles = Object.entries(tree).filter(([path]) => /^[^/]+\/roles\/(?!.+\/vars\/)/.test(path));
    expect(roles.length).toBeGreaterThan(15);
    const carried = Object.entries(tree).filter(([path]) => /^shop\/(plan$|etc\/)/.test(path));
    expect(carried.length).toBeGreaterThan(8);
    const files = `${COLLECTION}/roles/nettune_shop/files`;
    for (const [path, content] of carried) expect(tree[path.replace(/^shop/, files)]).toBe(content);
    expect(tree[`${files}/nettune-host`]).toBe(tree['nettune-host']);
    for (const [path, content] of roles) expect(tree[path.replace(/^[^/]+/, COLLECTION)]).toBe(content);
    expect(readdirSync(join(cwd, 'out', COLLECTION, 'playbooks'))).toEqual(['front_office.yml', 'shop.yml']);
  });

  it('has nothing that ansible-lint objects to', () => {
    const cwd = rendered();
    const args = ['--nocolor', '--offline', '--profile', 'production'];
    const { output } = run(cwd, 'ansible-lint', args, `out/${COLLECTION}`);
    expect(output).toMatch(/Passed with production profile: 0 failure\(s\), 0 warning\(s\) on \d\d+ files/);
  });

  it('is built and installed by ansible-galaxy, and its playbooks run by their full names', () => {
    const cwd = rendered();
    expect(run(cwd, 'ansible-galaxy', ['collection', 'build', '--output-path', cwd], `out/${COLLECTION}`).status).toBe(
      0,
    );
    expect(
      run(cwd, 'ansible-galaxy', ['collection', 'install', '-p', 'installed', 'acme-tuning-1.2.0.tar.gz']).status,
    ).toBe(0);
    const inventory = join('out', COLLECTION, 'inventory.example.yml');
    for (const name of ['shop', 'front_office']) {
      const { status, output } = run(cwd, 'ansible-playbook', ['-i', inventory, '--list-hosts', `acme.tuning.${name}`]);
      expect(output).toContain(`${name.replace('_', '-')}-1.example.com`);
      expect(status).toBe(0);
    }
  });

  it('is compared like everything else: up to date, edited, and left over from a profile that vanished', () => {
    const cwd = rendered();
    expect(render(cwd, '--check')).toMatchObject({ code: 0 });
    rmSync(join(cwd, 'profiles/front-office.yaml'));
    const { code, stdout } = render(cwd, '--check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^stale +ansible_collections\/acme\/tuning\/playbooks\/front_office\.yml/m);
    expect(stdout).toMatch(/^stale +ansible_collections\/acme\/tuning\/roles\/nettune_front_office\/tasks\/main\.yml/m);
    expect(stdout).toMatch(/^update +ansible_collections\/acme\/tuning\/README\.md/m);
    render(cwd, '--prune');
    expect(readdirSync(join(cwd, 'out', COLLECTION, 'roles'))).toEqual(['nettune_shop']);
  });

  it.each([
    [['--collection', 'Acme.tuning'], 'Write namespace.name or namespace.name:1.2.0'],
    [['--collection', '../x.y'], 'Write namespace.name'],
    [['--collection', 'acme.tuning', '--only', 'sysctl'], '--collection gathers roles, and --only leaves them out'],
  ])('refuses %j', (args, said) => {
    expect(nettune(['render', ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  });
});
