import { Agent, type Cell, type HeldCell, KINDS } from './agent.ts';
import type { RuleSet } from './ruleset.ts';
import { mustRunIn } from './run-in.ts';
import { NEWCOMERS, SERVER, STRANGERS, type Stage } from './stage.ts';
import { StraySegments } from './stray-segments.ts';

/** What happened, by what was tried: "62.75.20.9 → 85.214.10.2:80" has `opened`. */
export type Observation = ReadonlyMap<string, string>;

export const SERVED = [80, 443] as const;
const OTHERS = [22, 8081] as const;

/** Addresses that try from one host, and what they keep open. */
interface Place {
  readonly agent: Agent;
  readonly cells: readonly Cell[];
  held: readonly HeldCell[];
}

/** Of a connection that is to be found again: ports above 61,000 are not given to clients. */
const OWN_PORT = 61_001;

/** Real connections around a server, from every address of its stage: what its users would see, whatever its rules are. */
export class Oracle {
  readonly #stage: Stage;
  readonly #ruleSet: RuleSet;
  readonly #outside: Place;
  readonly #behind: Place;
  readonly #inside: Place;
  readonly #strays: StraySegments;
  #refused: readonly Cell[] | undefined;
  /** What was seen last. */
  readonly #known = new Map<Cell, string>();

  constructor(ruleSet: RuleSet, stage: Stage) {
    const { ports = SERVED, others = OTHERS, alsoAt = [], fromHost = [] } = ruleSet;
    const all = [...ports, ...others];
    // Long answers of tracked ports would tell the server how narrow a path is that untracked ones share.
    const cellsOf = (clients: readonly string[]) =>
      clients.flatMap((from) => [
        ...all.map((port) => ({ from, to: serverFor(from), port, isLong: ports.includes(port) })),
        ...alsoAt.filter(isOfFamily(from)).map(([to, port]) => ({ from, to, port, isLong: true })),
      ]);
    const local = ['127.0.0.1', '::1', SERVER.ipv4, SERVER.ipv6].flatMap((to) => all.map((port) => ({ to, port })));
    this.#ruleSet = ruleSet;
    this.#stage = stage;
    this.#outside = { agent: new Agent(stage.client), cells: cellsOf(stage.clients), held: [] };
    this.#behind = { agent: new Agent(stage.behind), cells: cellsOf(stage.neighbours), held: [] };
    const fromServer = fromHost.map(([to, port]) => ({ to, port }));
    this.#inside = { agent: new Agent(stage.server), cells: [...local, ...fromServer], held: [] };
    this.#strays = new StraySegments(stage.client, stage.server);
  }

  /** Servers listen; connections of every kind are opened by everybody who may, and stay. */
  async start(): Promise<void> {
    const { ports = SERVED, others = OTHERS, behind = [] } = this.#ruleSet;
    await Promise.all([
      this.#inside.agent.serve([...ports, ...others]),
      this.#outside.agent.serve(behind),
      this.#behind.agent.serve(behind),
    ]);
    await Promise.all([this.#hold(this.#outside), this.#hold(this.#behind)]);
  }

  /** All but newcomers, and of those who alone may come in all but the first. */
  async #hold(place: Place): Promise<void> {
    const { ports = SERVED, allowed = [] } = this.#ruleSet;
    const fresh: readonly string[] = [...NEWCOMERS, ...allowed.slice(1)];
    const wanted = place.cells.filter(({ from = '', port }) => ports.includes(port) && !fresh.includes(from));
    const results = await place.agent.connect(wanted);
    const admitted = wanted.filter((_, index) => isOpened(results[index]));
    place.held = admitted.flatMap((cell) => KINDS.map((kind) => ({ ...cell, kind })));
    await place.agent.hold(place.held);
  }

  async observe(): Promise<Observation> {
    await this.#stage.forgetPaths();
    const places = [this.#outside, this.#behind, this.#inside];
    const seen = (await Promise.all(places.map((place) => this.#look(place)))).flat();
    const outcomes = new Map(seen);
    this.#refused ??= this.#outside.cells.filter((cell) => !isOpened(outcomes.get(nameOf(cell))));
    const strays = await this.#strays.send(this.#refused);
    const reached = this.#refused.map(
      (cell, index) => [`stray ${nameOf(cell)}`, strays[index] ? 'reaches TCP' : 'silent'] as const,
    );
    return new Map([...seen, ...reached]);
  }

  async #look({ agent, cells, held }: Place): Promise<(readonly [what: string, result: string])[]> {
    const [opened, going] = await Promise.all([this.#connect(agent, cells), agent.goOn()]);
    return [
      ...zip(cells, opened).map(([cell, result]) => [nameOf(cell), result] as const),
      ...zip(held, going).map(([cell, result]) => [`${cell.kind} ${nameOf(cell)}`, result] as const),
    ];
  }

  /** Whether somebody who may connect to the first served port does it without an entry in the server's table. */
  async leavesNoEntry(): Promise<boolean> {
    const { ports = SERVED, allowed = [] } = this.#ruleSet;
    const from = [...allowed, ...STRANGERS].find((each) => this.#stage.clients.includes(each)) ?? STRANGERS[0];
    const place = this.#stage.neighbours.includes(allowed[0] ?? '') ? this.#behind : this.#outside;
    const client = place === this.#behind ? (allowed[0] ?? from) : from;
    const cell = { from: client, to: serverFor(client), port: ports[0] ?? 0, localPort: OWN_PORT };
    const [result = ''] = await place.agent.connect([cell]);
    const family = client.includes(':') ? 'ipv6' : 'ipv4';
    const list = ['conntrack', '-L', '-f', family, '-p', 'tcp', '--sport', `${OWN_PORT}`];
    return isOpened(result) && (await mustRunIn(this.#stage.server, list)) === '';
  }

  /** What is not as it was, or not as it would be best, is tried once more: on a busy machine a second is not always one. */
  async #connect(agent: Agent, cells: readonly Cell[]): Promise<string[]> {
    const first = await agent.connect(cells);
    const doubtful = cells.filter((cell, index) => first[index] !== (this.#known.get(cell) ?? 'opened'));
    const second = new Map(zip(doubtful, doubtful.length > 0 ? await agent.connect(doubtful) : []));
    const results = cells.map((cell, index) => second.get(cell) ?? first[index] ?? '');
    for (const [cell, result] of zip(cells, results)) this.#known.set(cell, result);
    return results;
  }
}

const zip = <Each>(cells: readonly Each[], results: readonly string[]) =>
  cells.map((cell, index) => [cell, results[index] ?? ''] as const);

/** A long answer that hangs was opened all the same. */
export const isOpened = (result: string | undefined) => result === 'opened' || result === 'cut short';

const serverFor = (client: string) => (client.includes(':') ? SERVER.ipv6 : SERVER.ipv4);

const isOfFamily =
  (client: string) =>
  ([address]: readonly [string, number]) =>
    address.includes(':') === client.includes(':');

export const nameOf = ({ from = 'the host', to, port }: Cell) =>
  `${from} → ${to.includes(':') ? `[${to}]` : to}:${port}`;
