import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareTree } from '../../bench/compare-tree.ts';
import { openTree } from '../../bench/open-tree.ts';
import { SourceTree } from '../../bench/read-tables.ts';
import { readKernel } from '../../src/parameters/known-kernels.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** An entry as a kernel's source writes it. */
function entry(name: string, data: string, rest: string): string {
  return `\t{\n\t\t.procname\t= "${name}",\n\t\t.data\t\t= &${data},\n\t\t.maxlen\t\t= sizeof(int),\n\t\t${rest}\n\t},\n`;
}

function disagreements(files: Readonly<Record<string, string>>, about: string): string[] {
  const build = readKernel('6.14');
  if (!build) throw new Error('6.14 is a kernel');
  const found = compareTree(new SourceTree(temporaryFolder(files)), build);
  return found.filter(({ name }) => name === about).map((each) => `${each.about}: ${each.catalogue} / ${each.source}`);
}

const SACK = entry('tcp_sack', 'init_net.ipv4.sysctl_tcp_sack', '.mode = 0644, .proc_handler = proc_dou8vec_minmax,');

it.each([
  { what: 'agrees', table: SACK, value: '1', found: [] },
  { what: 'is missing', table: '', value: '1', found: ['presence: there / not there'] },
  { what: 'can only be read', table: SACK.replace('0644', '0444'), value: '1', found: ['mode: 644 / 444'] },
  { what: 'begins otherwise', table: SACK, value: '0', found: ['default: 1 / 0'] },
  { what: 'begins with what is no constant', table: SACK, value: 'MAX_SKB_FRAGS', found: [] },
  {
    what: 'is bounded',
    table: SACK.replace('minmax,', 'minmax, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE,'),
    value: '1',
    found: ['bounds: 0 to 255 / 0 to 1 (proc_dou8vec_minmax)'],
  },
  {
    what: 'is bounded by what is no constant',
    table: SACK.replace('minmax,', 'minmax, .extra1 = SYSCTL_ZERO, .extra2 = &most,'),
    value: '1',
    found: [],
  },
  {
    what: 'is there in a comment alone',
    table: `/* ${SACK} */`,
    value: '1',
    found: ['presence: there / not there'],
  },
])('a key of a source that $what', ({ table, value, found }) => {
  const files = {
    'net/ipv4/sysctl_net_ipv4.c': `static struct ctl_table ipv4_net_table[] = {\n${table}};\n`,
    'net/ipv4/tcp_ipv4.c': `static int __net_init tcp_sk_init(struct net *net)\n{\n\tnet->ipv4.sysctl_tcp_sack = ${value};\n}\n`,
  };
  expect(disagreements(files, 'net.ipv4.tcp_sack')).toEqual(found);
});

it('reads the shorter forms of interfaces', () => {
  const table = '\t\tDEVINET_SYSCTL_RW_ENTRY(LOG_MARTIANS, "log_martians"),\n';
  expect(disagreements({ 'net/ipv4/devinet.c': table }, 'net.ipv4.conf.all.log_martians')).toEqual([]);
  expect(disagreements({ 'net/ipv4/devinet.c': '' }, 'net.ipv4.conf.all.log_martians')).toHaveLength(1);
});

const MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\n';

it('knows which kernel a folder or a revision of git holds', () => {
  const folder = temporaryFolder({ Makefile: MAKEFILE, 'net/core/sock.c': '' });
  expect(openTree(folder).release).toBe('6.1.192');
  expect(openTree(`6.1.50=${folder}`).release).toBe('6.1.50');
  const redhat = temporaryFolder({
    Makefile: MAKEFILE.replace('192', '0'),
    'Makefile.rhelver': 'RHEL_MAJOR = 9\nRHEL_MINOR = 6\nRHEL_RELEASE = 570.32.1\n',
    'net/core/sock.c': 'of the revision',
  });
  const git = (...rest: string[]) =>
    execFileSync('git', ['-C', redhat, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...rest]);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'a kernel');
  const tree = openTree(`${redhat}/.git@HEAD`);
  expect(tree.release).toBe('6.1.0-570.32.1.el9');
  expect(readFileSync(join(tree.folder, 'net/core/sock.c'), 'utf8')).toBe('of the revision');
  tree.close();
  expect(existsSync(tree.folder)).toBe(false);
});

it('refuses a folder without a kernel', () => {
  expect(() => openTree(temporaryFolder({ 'README.md': '' }))).toThrow('no kernel');
});
