import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { foreignStateOf } from './foreign-state.ts';
import { harm } from './harm.ts';
import { Loader } from './loader.ts';
import { isOpened, nameOf, Oracle, SERVED } from './oracle.ts';
import { Rendered } from './rendered.ts';
import type { Engine, RuleSet } from './ruleset.ts';
import { mustRunIn } from './run-in.ts';
import { SERVER, STRANGERS, Stage } from './stage.ts';

const FILES = fileURLToPath(new URL('../kernel/rulesets/', import.meta.url));

const NAME = 'kernel-web';

/** What was rendered: many rule sets have the same profile. */
export class Profiles {
  readonly #rendered = new Map<string, Rendered>();

  rendered(profile: string): Rendered {
    const known = this.#rendered.get(profile) ?? new Rendered(NAME, profile);
    this.#rendered.set(profile, known);
    return known;
  }

  remove(): void {
    for (const rendered of this.#rendered.values()) rendered.remove();
  }
}

/** What loading and unloading did to a host. All lists are empty where it did no harm. */
export interface Verdict {
  readonly outcome: 'loads' | 'refused' | 'failed';
  readonly messages: string;
  /** A stranger's connection leaves no entry: nettune's rules do what they are for. */
  readonly isUntracked: boolean;
  /** What the rule set's row says of the host and is not so, before anything is loaded. */
  readonly unlike: readonly string[];
  readonly harm: readonly string[];
  readonly changed: readonly string[];
  readonly leftBehind: readonly string[];
}

/** Takes what is to be done at the end, also of a test that took too long. */
type WhenDone = (remove: () => void) => void;

/** Builds a host with these rules, loads nettune's and takes them away again, and looks each time who gets through. */
export async function tryRuleSet(
  ruleSet: RuleSet,
  engine: Engine,
  profiles: Profiles,
  whenDone: WhenDone,
): Promise<Verdict> {
  const stage = new Stage(ruleSet, engine);
  const rendered = profiles.rendered(profileOf(ruleSet, engine));
  const loader = new Loader(stage.server, rendered);
  whenDone(() => {
    stage.remove();
    loader.remove();
  });
  await stage.build();
  await restore(stage, ruleSet, engine, rendered);
  const oracle = new Oracle(ruleSet, stage);
  await oracle.start();
  const foreign = await foreignStateOf(stage.server);
  const before = await oracle.observe();

  const loading = await loader.run('load');
  if (loading.code === 0) rendered.hold(stage.server);
  const isUntracked = loading.code === 0 && (await oracle.leavesNoEntry());
  const loaded = await oracle.observe();
  const foreignLoaded = await foreignStateOf(stage.server);
  // Whoever loads rules anew takes ours away, and a guard renews no more.
  rendered.letGo(stage.server);
  const restored = ruleSet.isRestoredAgain ? await observeRestored(stage, ruleSet, engine, rendered, oracle) : loaded;
  const unloading = await loader.run('unload');
  // What was refused and changed nothing need not be looked at again.
  const unloaded = loading.code === 0 ? await oracle.observe() : loaded;
  const foreignUnloaded = await foreignStateOf(stage.server);

  return {
    outcome: loading.code === 0 ? 'loads' : loading.code === 1 ? 'refused' : 'failed',
    messages: loading.stderr + (unloading.code === 0 ? '' : `unload: ${unloading.stderr}`),
    isUntracked,
    unlike: unlikeItsRow(ruleSet, before),
    harm: [
      ...label('loaded', harm(before, loaded)),
      ...label('restored again', restored === loaded ? [] : harm(before, restored).filter(isNew)),
      ...label('unloaded', restored === loaded ? harm(before, unloaded) : harm(before, unloaded).filter(isNew)),
    ],
    changed: [
      ...label('loaded', differences(foreign, foreignLoaded)),
      ...label('unloaded', differences(foreign, foreignUnloaded)),
    ],
    leftBehind: loader.leftBehind(),
  };
}

function profileOf({ filter, ports = SERVED, profile = '' }: RuleSet, engine: Engine): string {
  const own = engine === 'nft' ? 'nftables' : 'iptables';
  return `extends: web-server
host: { distribution: debian-12 }
firewall: { filter: ${filter ?? own} }
traffic: { ports: ${JSON.stringify(ports)} }
${profile}`;
}

/** Loads the files of a rule set; `rendered` has the lines that an administrator includes, where a file says so. */
export async function restore(
  { server }: Stage,
  { name }: RuleSet,
  engine: Engine,
  rendered?: Rendered,
): Promise<void> {
  const kind = engine === 'iptables-legacy' ? 'legacy' : 'nft';
  const loaders: readonly (readonly [string, ...string[]])[] = [
    ['.ipset', 'ipset', 'restore'],
    ['.rules', `iptables-${kind}-restore`],
    ['.rules6', `ip6tables-${kind}-restore`],
    ['.legacy', 'iptables-legacy-restore'],
    ['.nft', 'nft', '-f', '-'],
  ];
  for (const [end, ...command] of loaders) {
    const file = join(FILES, name + end);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8').replaceAll('@nettune@', rendered?.at(`etc/nettune/${NAME}`) ?? '');
    await mustRunIn(server, command, end === '.ipset' ? text.replace(/^#.*\n/gm, '') : text);
  }
}

/** Who takes our accept rules away while connections are untracked ends those that are open; nobody can prevent that. */
const isNew = (harmed: string) => !/^(idle|download|upload) /.test(harmed);

/** Seconds after which a host is to serve again whose rules somebody has restored. */
const HEALED_SECONDS = 5;

async function observeRestored(stage: Stage, ruleSet: RuleSet, engine: Engine, rendered: Rendered, oracle: Oracle) {
  await restore(stage, ruleSet, engine, rendered);
  await sleep(HEALED_SECONDS * 1000);
  return oracle.observe();
}

/** Without these a rule set would not show what it is there for. */
function unlikeItsRow(ruleSet: RuleSet, before: ReadonlyMap<string, string>): string[] {
  const {
    banned = [],
    allowed = [],
    alsoAt = [],
    ports = SERVED,
    isClosed = false,
    losesLongAnswers = false,
  } = ruleSet;
  const opens = (from: string) => {
    const to = from.includes(':') ? `[${SERVER.ipv6}]` : SERVER.ipv4;
    return isOpened(before.get(`${from} → ${to}:${ports[0]}`));
  };
  const shut = [...banned, ...(isClosed ? [STRANGERS[0]] : [])];
  const open = [...allowed, ...(isClosed ? [] : [STRANGERS[0]])];
  const moving = [...before].filter(([what, result]) => /^(idle|download|upload) /.test(what) && result !== 'goes on');
  const short = [...before].filter(([, result]) => result === 'cut short');
  return [
    ...shut.filter(opens).map((from) => `${from} gets in`),
    ...open.filter((from) => !opens(from)).map((from) => `${from} does not get in`),
    ...alsoAt
      .filter(([to, port]) => !isOpened(before.get(nameOf({ from: strangerTo(to), to, port }))))
      .map(([to]) => `strangers do not get in at ${to}`),
    ...(losesLongAnswers ? [] : [...moving, ...short]).map(([what, result]) => `${what}: ${result}`),
  ];
}

const strangerTo = (address: string) => STRANGERS[address.includes(':') ? 1 : 0];

const label = (when: string, what: readonly string[]) => what.map((each) => `${when}: ${each}`);

/** Lines that only one of two texts has. */
function differences(before: string, after: string): string[] {
  if (before === after) return [];
  const [old, now] = [before.split('\n'), after.split('\n')];
  const lines = [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
  return lines.length > 0 ? lines : ['the same lines in another order'];
}
