import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { faultsOf } from '../support/schemas.ts';

/** A page is a file in `parameters-command/`, letter for letter; `npm run golden` writes them anew. */
const PAGES = join(dirname(fileURLToPath(import.meta.url)), 'parameters-command');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const CASES: Readonly<Record<string, readonly string[]>> = {
  'list-6.1': ['--kernel', '6.1'],
  'list-2.6.18-rhel-5': ['--kernel', '2.6.18-274.7.1.el5'],
  nf_conntrack_max: ['net.netfilter.nf_conntrack_max'],
  'nf_conntrack_buckets-3.10-rhel-7': ['nf_conntrack_buckets', '--kernel', '3.10.0-1160.el7.x86_64'],
  'somaxconn-rhel-9': ['somaxconn', '--distribution', 'rhel-9'],
  'default_qdisc-rhel-9': ['default_qdisc', '--distribution', 'rhel-9'],
  'tcp_tw_recycle-6.1': ['tcp_tw_recycle', '--kernel', '6.1'],
  'rp_filter-of-one-interface': ['net.ipv4.conf.eth0/100.rp_filter'],
  ListenBacklog: ['ListenBacklog'],
  'gc_thresh3-both': ['gc_thresh3'],
  'time_wait-in-one-name': ['time_wait'],
  'buckets-in-several-names': ['buckets'],
  'words-in-any-case': ['TW Buckets'],
};

describe('nettune parameters', () => {
  it.each(Object.entries(CASES))('%s', async (name, args) => {
    const { code, stdout, stderr } = await callNettune(['parameters', ...args]);
    const page = `$ nettune parameters ${args.join(' ')}\n${stderr}${stdout}`;
    const path = join(PAGES, `${name}.txt`);
    if (UPDATE) writeFileSync(path, page);
    expect(page).toBe(readFileSync(path, 'utf8'));
    expect(code).toBe(0);
  });

  it('has no page that no case makes', () => {
    expect(readdirSync(PAGES).sort()).toEqual(
      Object.keys(CASES)
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });

  it('prints JSON as its schema describes it, for every kernel', async () => {
    for (const kernel of ['2.6.18-274.el5', '3.10', '4.18.0-477.el8', '6.1', '7.2']) {
      const { stdout } = await callNettune(['parameters', '--kernel', kernel, '--format', 'json']);
      expect(faultsOf('parameters', JSON.parse(stdout)), kernel).toEqual([]);
    }
    expect(faultsOf('parameters', { version: 1, kernel: '6.1', notes: [], parameters: [{}] })).not.toEqual([]);
  });

  it('finds for a program what it finds for a person', async () => {
    const namesFor = async (name: string) =>
      JSON.parse((await callNettune(['parameters', name, '--format', 'json'])).stdout).parameters.map(
        (each: { name: string }) => each.name,
      );
    expect(await namesFor('somaxconn')).toEqual(['net.core.somaxconn']);
    expect(await namesFor('conntrack_max')).toEqual(['net.netfilter.nf_conntrack_max']);
    expect(await namesFor('buckets')).toEqual(['net.netfilter.nf_conntrack_buckets', 'net.ipv4.tcp_max_tw_buckets']);
  });

  it.each([
    ['tcp_max_syn_backlog', 'centos-7', 'when a server calls listen(), so at its next start', 'are not touched'],
    ['tcp_max_syn_backlog', 'rhel-8', 'at once', 'too'],
    ['nf_conntrack_max', 'centos-7', 'for entries that are made from now on', 'keep what they have'],
  ])('says when a change of %s takes effect on %s', async (name, distribution, when, existing) => {
    const { stdout } = await callNettune(['parameters', name, '--distribution', distribution]);
    expect(stdout).toContain(`  takes effect  ${when}\n                existing connections ${existing}\n`);
  });

  it('names a bound that no number of JavaScript is', async () => {
    expect((await callNettune(['parameters', 'fs.file-max'])).stdout).toContain(
      'takes         0 to 9223372036854775807 open files',
    );
  });

  it('takes a kernel that does not exist for the newest one before it, and says so', async () => {
    const newest = (await callNettune(['parameters'])).stdout;
    expect(await callNettune(['parameters', '--kernel', '9.9'])).toEqual({
      code: 0,
      stdout: newest,
      stderr: 'note: nettune knows kernels up to 7.2, which stands for 9.9\n',
    });
    const { stderr, stdout } = await callNettune(['parameters', '--kernel', '4.25']);
    expect(stderr).toBe('note: there is no kernel 4.25: 4.20 came last before it\n');
    expect(stdout).toMatch(/^Linux 4\.20\n/);
    expect((await callNettune(['parameters', '--kernel', '6.1.170'])).stderr).toBe('');
    expect((await callNettune(['parameters', '--kernel', '2.4.37'])).stderr).toContain('from 2.6.12 on');
  });

  const ofRedhat = (release: string) => `Linux 4.18 of Red Hat Enterprise Linux ${release}`;
  const unread = (build: number, other: number) =>
    `note: nobody has read build ${build} of Red Hat Enterprise Linux 8: build ${other} stands for it\n`;
  it.each([
    [['--kernel', '4.18.0-147.5.1.el8_1.x86_64'], ofRedhat('8.1'), '180 seconds', 'nf_conntrack_ipv4', ''],
    [['--kernel', '4.18.0-193.el8'], ofRedhat('8.1'), '180 seconds', 'nf_conntrack_ipv4', unread(193, 147)],
    [['--kernel', '4.18.0-80.el8'], ofRedhat('8.1'), '180 seconds', 'nf_conntrack_ipv4', unread(80, 147)],
    [['--kernel', '4.18.0-240.el8'], ofRedhat('8.3'), '120 seconds', 'nf_conntrack', ''],
    [['--kernel', '4.18.0-477.el8'], ofRedhat('8.8'), '120 seconds', 'nf_conntrack', ''],
    [['--kernel', '4.18.0-553.el8'], ofRedhat('8'), '120 seconds', 'nf_conntrack', ''],
    [['--kernel', '4.18'], 'Linux 4.18', '180 seconds', 'nf_conntrack_ipv4', ''],
    [['--kernel', '4.18', '--distribution', 'rhel-8'], ofRedhat('8'), '120 seconds', 'nf_conntrack', ''],
    [
      ['--kernel', '4.18.0-147.el8', '--distribution', 'centos-8'],
      ofRedhat('8.1'),
      '180 seconds',
      'nf_conntrack_ipv4',
      '',
    ],
    [
      ['--kernel', '2.6.18', '--distribution', 'rhel-8'],
      'Linux 2.6.18',
      '180 seconds',
      'ip_conntrack',
      'note: 2.6.18 is not the kernel of rhel-8, which ships 4.18: none of its backports are reckoned with\n',
    ],
  ])('takes %j for the kernel that it is', async (args, title, standard, module, note) => {
    const { stdout, stderr } = await callNettune(['parameters', 'nf_conntrack_udp_timeout_stream', ...args]);
    expect(stderr).toBe(note);
    expect(/^On (.*)$/m.exec(stdout)?.[1]).toBe(title);
    expect(/^ {2}default +(.*)$/m.exec(stdout)?.[1]).toBe(standard);
    expect(/^ {2}module +(.*)$/m.exec(stdout)?.[1]).toBe(module);
  });

  it.each([
    [['net.core.somxconn'], 'did you mean net.core.somaxconn?'],
    [['net.ipv4.nf_conntrack_mx'], 'did you mean net.netfilter.nf_conntrack_max?'],
    [['kernel.core_pattern'], '`nettune parameters` lists those it knows'],
    [['\u001b[31m'], '<U+001B>'],
    [['somaxconn', '--kernel', 'new'], '`new` is not a kernel version'],
    [['somaxconn', '--distribution', 'debian-99'], 'Did you mean `debian-13`?'],
    [['somaxconn', '--distribution', 'slackware-15'], 'Allowed choices are debian-11'],
    [['somaxconn', '--format', 'xml'], 'Allowed choices are text, json'],
  ])('takes %j for wrong usage', async (args, message) => {
    const run = await callNettune(['parameters', ...args]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});

it('shows the larger default of both sides for a kernel that nobody has read, and says so', async () => {
  const { stdout, stderr } = await callNettune(['parameters', 'net.core.rmem_max', '--kernel', '6.16']);
  expect(stdout).toMatch(/^ {2}default +4194304 bytes$/m);
  expect(stderr).toBe('note: nobody has read kernel 6.16: of the defaults of 6.14 and 6.18 the larger one is taken\n');
});
