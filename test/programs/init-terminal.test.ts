import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROGRAM } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

requirePrograms({ script: 'bsdutils' });

/** What a person sees who calls `nettune init` and answers each question by one of these, as soon as it is asked. */
async function answer(
  cwd: string,
  args: string,
  answers: readonly string[],
): Promise<{ code: number; screen: string }> {
  const command = `env LC_ALL=C.UTF-8 NO_COLOR=1 TERM=dumb ${process.execPath} ${PROGRAM} init ${args}`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd, timeout: 30_000 });
  const left = [...answers];
  let screen = '';
  terminal.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text;
    const asked = screen.split(']: ').length - 1;
    while (left.length > 0 && answers.length - left.length < asked) terminal.stdin.write(left.shift());
  });
  const [code] = await once(terminal, 'close');
  return { code, screen: screen.replaceAll('\r', '') };
}

const ENTER = '\n';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

it('asks question after question, and writes what was answered', async () => {
  const cwd = temporaryFolder();
  const typed = ['squid-proxy', 'cache', 'rocky-9', '4GiB', 'nftables', ' 3128, 8080', '200', '', 'gitlab'];
  const { code, screen } = await answer(
    cwd,
    '',
    typed.map((line) => line + ENTER),
  );
  expect(screen).toContain('What the hosts are for: one of web-server, squid-proxy, nat-gateway [web-server]: ');
  expect(screen).toContain('Connections of one of them that are open at once, at its peak [10000]: ');
  expect(screen).toContain('Whose CI checks each change, with commas between; or none [github, gitlab]: ');
  expect(code).toBe(0);
  expect(parse(readFileSync(join(cwd, 'profiles/cache.yaml'), 'utf8'))).toMatchObject({
    name: 'cache',
    extends: 'squid-proxy',
    host: { distribution: 'rocky-9', memory: '4GiB' },
    firewall: { filter: 'nftables' },
    traffic: { ports: [3128, 8080], connectionsPerSecond: 200, concurrentConnections: 10000 },
  });
  expect(Object.keys(readTree(cwd)).filter((path) => /git(hub|lab)/.test(path))).toEqual(['.gitlab-ci.yml']);
});

it('asks only what the call does not say, and nothing that the role has no use for', async () => {
  const cwd = temporaryFolder();
  const call = 'nat-gateway new --name office --memory 2GiB --ci none';
  const { code, screen } = await answer(cwd, call, [ENTER, ENTER, ENTER, ENTER]);
  expect(screen.match(/\[[^[]*\]: /g)).toEqual(['[debian-12]: ', '[iptables]: ', '[300]: ', '[30000]: ']);
  expect(code).toBe(0);
});

it('says what is wrong with an answer at once, and asks again', async () => {
  const cwd = temporaryFolder();
  const { code, screen } = await answer(cwd, 'web-server . --name web --distribution debian-12', [
    '16GB\n',
    '16GiB\n',
    ENTER,
    ENTER,
    ENTER,
    ENTER,
    'jenkins\n',
    'none\n',
  ]);
  expect(screen).toContain('error: `16GB` is not a size: a number and MiB, GiB or TiB\n   do: write `16GiB`\n');
  expect(screen.match(/Memory of the smallest of them/g)).toHaveLength(2);
  expect(screen).toContain(
    'error: `jenkins` is not known here\n   do: valid values are `github`, `gitlab`, `none`\nWhose CI',
  );
  expect(code).toBe(0);
});

it.each([
  { what: 'Ctrl-C', typed: ['web-server\n', 'shop\n', CTRL_C], code: 130, said: 'interrupted: nothing was written' },
  {
    what: 'Ctrl-C in an answer',
    typed: ['web-server\n', `sho${CTRL_C}`],
    code: 130,
    said: 'interrupted: nothing was written',
  },
  {
    what: 'Ctrl-D',
    typed: ['web-server\n', 'shop\n', CTRL_D],
    code: 2,
    said: 'error: the questions were not answered to the end; nothing was written',
  },
])('$what leaves nothing written', async ({ typed, code, said }) => {
  const cwd = temporaryFolder();
  const { screen, ...ended } = await answer(cwd, '', typed);
  expect(screen).toContain(`\n${said}\n`);
  expect({ ...ended, tree: readTree(cwd) }).toEqual({ code, tree: {} });
});

it('says before the first question what is in the way, whatever is answered', async () => {
  const cwd = temporaryFolder({ 'inventory.example.yml': '', '.gitlab-ci.yml': '' });
  const { code, screen } = await answer(cwd, '', ['web-server\n']);
  expect(screen).toMatch(
    /error: in the way, so that nothing was written: inventory\.example\.yml; choose another folder, or move it away\n/,
  );
  expect(screen).not.toContain('What the hosts are for');
  expect(code).toBe(2);
});
