import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAM } from '../support/cli.ts';
import { git, initRepository } from '../support/git.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { typeInto } from '../support/type-into.ts';

requirePrograms({ bash: 'bash', zsh: 'zsh', fish: 'fish', script: 'bsdutils' });

/** Instead of running nettune, each shows what it would run it with. */
const SHELLS = [
  {
    shell: 'bash',
    start: 'bash --norc --noprofile -i',
    prepare: `source <(nettune completion bash); nettune() { printf '[%s\\n' "$(printf '<%s>' "$@")]"; }`,
  },
  {
    shell: 'bash with bash-completion',
    start: 'bash --norc --noprofile -i',
    prepare: `source /usr/share/bash-completion/bash_completion; source <(nettune completion bash); nettune() { printf '[%s\\n' "$(printf '<%s>' "$@")]"; }`,
  },
  {
    shell: 'zsh',
    start: 'zsh -f -i',
    prepare: `setopt no_auto_remove_slash; autoload -U compinit; compinit -u -D; source <(nettune completion zsh); nettune() { printf '[%s\\n' "$(printf '<%s>' "$@")]" }`,
  },
  {
    shell: 'fish',
    start: 'fish --no-config -i',
    prepare: `nettune completion fish | source; function nettune; printf '[%s]\\n' (printf '<%s>' $argv); end`,
  },
];

const HOSTILE = ['a $(touch pwned)`touch pwned`.yaml', "b';touch pwned;'.yaml", 'c&touch pwned&.yaml'] as const;

const CASES = [
  { typed: 'ren', meant: ['render'] },
  { typed: 'render --pr', meant: ['render', '--prune'] },
  { typed: 'render --only nft', meant: ['render', '--only', 'nftables'] },
  { typed: 'render --only sysctl,ipt', meant: ['render', '--only', 'sysctl,iptables'] },
  { typed: 'explain --format=mark', meant: ['explain', '--format=markdown'] },
  { typed: 'explain web', meant: ['explain', 'web-server'] },
  { typed: 'explain web-server somax', meant: ['explain', 'web-server', 'somaxconn'] },
  { typed: 'parameters net.core.somax', meant: ['parameters', 'net.core.somaxconn'] },
  { typed: 'checks accept-queue-not', meant: ['checks', 'accept-queue-not-truncated'] },
  { typed: 'help par', meant: ['help', 'parameters'] },
  { typed: 'validate sh', meant: ['validate', 'shop.yaml'] },
  { typed: 'render -o dee', meant: ['render', '-o', 'deep/'] },
  { typed: 'render -o under/', meant: ['render', '-o', 'under/visible/'] },
  { typed: 'validate under/', meant: ['validate', 'under/visible/'] },
  { typed: 'render -o under/.hid', meant: ['render', '-o', 'under/.hidden/'] },
  { typed: 'compare --git ma', meant: ['compare', '--git', 'main'] },
  { typed: 'compare --git fix/', meant: ['compare', '--git', 'fix/queue'] },
  { typed: 'init --ci no', meant: ['init', '--ci', 'none'] },
  { typed: 'parameters nf_conntrack_ma', meant: ['parameters', 'nf_conntrack_max'] },
  { typed: 'validate a', meant: ['validate', HOSTILE[0]] },
  { typed: 'validate b', meant: ['validate', HOSTILE[1]] },
  { typed: 'validate c', meant: ['validate', HOSTILE[2]] },
];

it.each(SHELLS)(
  '$shell completes commands, options, their values and files, and runs nothing that a file is called',
  async ({ start, prepare }) => {
    const cwd = temporaryFolder({
      'shop.yaml': '',
      'shop.txt': '',
      'deep/x.yaml': '',
      'under/visible/x.yaml': '',
      'under/.hidden/x.yaml': '',
      'under/.hidden.yaml': '',
      ...Object.fromEntries(HOSTILE.map((name) => [name, ''])),
    });
    initRepository(cwd);
    for (const branch of ['fix/queue', 'fix/`id>pwned`']) git(cwd, 'branch', branch);
    const lines = [`${prepare}; nettune ready`, ...CASES.map(({ typed }) => `nettune ${typed}\t`)];
    // Without a HISTFILE, since a shell that is hung up on writes one while the folder is removed.
    const [, ...shown] = await typeInto(start, lines, {
      cwd,
      env: { PATH: `${folderOfProgram()}:${process.env['PATH']}`, HOME: cwd, HISTFILE: '' },
      answer: /\[(<[^\r\n]*>)\]\r?\n/g,
    });
    expect(shown).toEqual(CASES.map(({ meant }) => meant.map((word) => `<${word}>`).join('')));
    expect(existsSync(join(cwd, 'pwned'))).toBe(false);
  },
);

function folderOfProgram(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'nettune'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(join(folder, 'nettune'), 0o755);
  return folder;
}
