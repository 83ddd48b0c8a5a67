import { Agent, type Cell, type HeldCell, KINDS } from './agent.ts';
import type { RuleSet } from './ruleset.ts';
import { mustRunIn } from './run-in.ts';
import { SERVER, STRANGERS, type Stage } from './stage.ts';
import { StraySegments } from './stray-segments.ts';

/** What happened, by what was tried: "62.75.20.9 → 85.214.10.2:80" has `opened 100000`. */
export type Observation = ReadonlyMap<string, string>;

export const SERVED = [80, 443] as const;
const OTHERS = [22, 8081] as const;

/** Of a connection that is to be found again: ports above 61,000 are not given to clients. */
const OWN_PORT = 61_001;

/** Real connections around a server, from every address of its stage: what its users would see, whatever its rules are. */
export class Oracle {
  readonly #stage: Stage;
  readonly #outside: Agent;
  readonly #inside: Agent;
  readonly #strays: StraySegments;
  readonly #ruleSet: RuleSet;
  readonly #cells: readonly Cell[];
  readonly #localCells: readonly Cell[];
  #held: readonly HeldCell[] = [];
  #refused: readonly Cell[] | undefined;
  readonly #silent = new Set<Cell>();

  constructor(ruleSet: RuleSet, stage: Stage) {
    const { ports = SERVED, others = OTHERS, fromHost = [] } = ruleSet;
    const all = [...ports, ...others];
    this.#ruleSet = ruleSet;
    this.#stage = stage;
    this.#outside = new Agent(stage.client);
    this.#inside = new Agent(stage.server);
    this.#strays = new StraySegments(stage.client, stage.server);
    this.#cells = stage.clients.flatMap((from) => all.map((port) => ({ from, to: serverFor(from), port })));
    this.#localCells = [
      ...['127.0.0.1', '::1', SERVER.ipv4, SERVER.ipv6].flatMap((address) =>
        all.map((port) => ({ to: address, port })),
      ),
      ...fromHost.map(([address, port]) => ({ to: address, port })),
    ];
  }

  /** Servers listen; connections of every kind are opened by everybody who may, and stay. */
  async start(): Promise<void> {
    const { ports = SERVED, others = OTHERS, behind = [] } = this.#ruleSet;
    await Promise.all([this.#inside.serve([...ports, ...others]), this.#outside.serve(behind)]);
    const wanted = this.#cells.filter(({ port }) => ports.includes(port));
    const admitted = await this.#admitted(wanted);
    this.#held = admitted.flatMap((cell) => KINDS.map((kind) => ({ ...cell, kind })));
    await this.#outside.hold(this.#held);
  }

  async #admitted(cells: readonly Cell[]): Promise<Cell[]> {
    const results = await this.#outside.connect(cells);
    return cells.filter((_, index) => results[index]?.startsWith('opened'));
  }

  async observe(): Promise<Observation> {
    await this.#stage.forgetPaths();
    const [outside, inside, held] = await Promise.all([
      this.#connect(this.#outside, this.#cells),
      this.#connect(this.#inside, this.#localCells),
      this.#outside.goOn(),
    ]);
    this.#refused ??= this.#cells.filter((_, index) => !outside[index]?.startsWith('opened'));
    const strays = await this.#strays.send(this.#refused);
    return new Map([
      ...this.#cells.map((cell, index) => [nameOf(cell), outside[index] ?? ''] as const),
      ...this.#localCells.map((cell, index) => [nameOf(cell), inside[index] ?? ''] as const),
      ...this.#held.map((cell, index) => [`${cell.kind} ${nameOf(cell)}`, held[index] ?? ''] as const),
      ...this.#refused.map(
        (cell, index) => [`stray ${nameOf(cell)}`, strays[index] ? 'reaches TCP' : 'silent'] as const,
      ),
    ]);
  }

  /** Whether somebody who may connect to the first served port does it without an entry in the server's table. */
  async leavesNoEntry(): Promise<boolean> {
    const { ports = SERVED, allowed = [] } = this.#ruleSet;
    const from = allowed[0] ?? STRANGERS[0];
    const cell = { from, to: serverFor(from), port: ports[0] ?? 0, localPort: OWN_PORT };
    const [result = ''] = await this.#outside.connect([cell]);
    const family = from.includes(':') ? 'ipv6' : 'ipv4';
    const list = ['conntrack', '-L', '-f', family, '-p', 'tcp', '--sport', `${OWN_PORT}`];
    return result.startsWith('opened') && (await mustRunIn(this.#stage.server, list)) === '';
  }

  /** Silence where there was none yet is tried once more: on a busy machine a second is not always one. */
  async #connect(agent: Agent, cells: readonly Cell[]): Promise<string[]> {
    const first = await agent.connect(cells);
    const doubtful = cells.filter((cell, index) => first[index] === 'silent' && !this.#silent.has(cell));
    const second = new Map(zip(doubtful, doubtful.length > 0 ? await agent.connect(doubtful) : []));
    const results = cells.map((cell, index) => second.get(cell) ?? first[index] ?? '');
    for (const [cell, result] of zip(cells, results)) if (result === 'silent') this.#silent.add(cell);
    return results;
  }
}

const zip = (cells: readonly Cell[], results: readonly string[]) =>
  cells.map((cell, index) => [cell, results[index] ?? ''] as const);

const serverFor = (client: string) => (client.includes(':') ? SERVER.ipv6 : SERVER.ipv4);

const nameOf = ({ from = 'the host', to, port }: Cell) => `${from} → ${to.includes(':') ? `[${to}]` : to}:${port}`;
