import { backend, type Programs } from './backends.ts';
import { type Host, Network } from './namespaces.ts';
import type { Engine, RuleSet } from './ruleset.ts';
import { mustRunIn } from './run-in.ts';

/** Addresses that no filter drops for their kind, as documentation and private ones are; none of it leaves the namespaces. */
export const SERVER = { ipv4: '85.214.10.2', ipv6: '2a01:4f8:10::2' } as const;
export const STRANGERS = ['62.75.20.9', '2a02:8100:5::9'] as const;
/**
 * Strangers who never keep a connection open: an error about an old one of theirs, which is still in the server's table,
 * would tell the server how narrow the path is.
 */
export const NEWCOMERS = ['62.75.20.10', '2a02:8100:5::10'] as const;
/** In the network of the server's eth0. */
const NEIGHBOUR = '85.214.10.77';

const GATEWAY = { ipv4: '85.214.10.1', ipv6: '2a01:4f8:10::1' } as const;

/** What is longer does not pass from the router to the client; IPv6 demands that 1,280 does. */
const NARROW_MTU = 1300;

/**
 * client ── narrow ── router ── wide ── eth0 of the server ── its other devices ── behind.
 * The client has every address that is to try something from outside; behind are those of the other devices.
 */
export class Stage {
  readonly client: Host;
  readonly server: Host;
  readonly behind: Host;
  /** Addresses outside, and behind. */
  readonly clients: readonly string[];
  readonly neighbours: readonly string[];
  readonly #network = new Network();
  readonly #router: Host;
  readonly #programs: Programs;
  readonly #ruleSet: RuleSet;
  #flushes = 0;

  constructor(ruleSet: RuleSet, engine: Engine) {
    this.#ruleSet = ruleSet;
    this.#programs = backend(engine === 'iptables-legacy' ? 'legacy' : 'nft');
    this.client = this.#network.host('client');
    this.#router = this.#network.host('router');
    this.server = this.#network.host('server', this.#programs.path);
    this.behind = this.#network.host('behind');
    const { banned = [], allowed = [], devices = {} } = ruleSet;
    this.neighbours = Object.values(devices).map(({ client }) => addressOf(client));
    const outside = new Set([...STRANGERS, ...NEWCOMERS, NEIGHBOUR, ...banned, ...allowed]);
    this.clients = [...outside].filter((each) => !this.neighbours.includes(each));
  }

  async build(): Promise<void> {
    // Addresses are there at once, without looking for others that have them.
    const atOnce = ['net.ipv6.conf.default.accept_dad=0', 'net.ipv4.conf.all.rp_filter=0'];
    const hosts = [this.client, this.#router, this.server, this.behind];
    await Promise.all(hosts.map((host) => mustRunIn(host, ['sysctl', '-qw', ...atOnce])));
    await mustRunIn(
      this.#router,
      ['ip', '-batch', '-'],
      lines(
        `link add narrow type veth peer name net0 netns ${this.client.namespace}`,
        `link add wide type veth peer name eth0 netns ${this.server.namespace}`,
        'address add 169.254.203.1/30 dev narrow',
        'address add fd00:203::1/64 dev narrow nodad',
        `address add ${GATEWAY.ipv4}/24 dev wide`,
        `address add ${GATEWAY.ipv6}/64 dev wide nodad`,
        `link set narrow mtu ${NARROW_MTU} up`,
        'link set wide up',
      ),
    );
    await this.#buildServer();
    await this.#buildClients();
    const alsoAt = new Set((this.#ruleSet.alsoAt ?? []).map(([address]) => address));
    await mustRunIn(
      this.#router,
      ['ip', '-batch', '-'],
      lines(
        'route add default via 169.254.203.2',
        'route add default via fd00:203::2',
        `route add ${NEIGHBOUR}/32 via 169.254.203.2`,
        ...[...alsoAt].map((each) => `route add ${each} via ${each.includes(':') ? SERVER.ipv6 : SERVER.ipv4}`),
      ),
    );
    const sysctls = ['ipv4.ip_forward', 'ipv6.conf.all.forwarding', 'ipv4.conf.all.proxy_arp'].map(
      (key) => `net.${key}=1`,
    );
    await mustRunIn(this.#router, ['sysctl', '-qw', ...sysctls]);
    if (this.#ruleSet.sysctls) await mustRunIn(this.server, ['sysctl', '-qw', ...this.#ruleSet.sysctls]);
  }

  async #buildServer(): Promise<void> {
    const devices = Object.entries(this.#ruleSet.devices ?? {}).flatMap(([device, { server }], index) => [
      `link add ${device} type veth peer name net${index} netns ${this.behind.namespace}`,
      `address add ${server} dev ${device}`,
      `link set ${device} up`,
    ]);
    await mustRunIn(
      this.server,
      ['ip', '-batch', '-'],
      lines(
        `address add ${SERVER.ipv4}/24 dev eth0`,
        `address add ${SERVER.ipv6}/64 dev eth0 nodad`,
        'link set eth0 up',
        `route add default via ${GATEWAY.ipv4} metric 1000`,
        `route add default via ${GATEWAY.ipv6} metric 1000`,
        ...devices,
        ...(this.#ruleSet.network ?? []),
      ),
    );
  }

  async #buildClients(): Promise<void> {
    await mustRunIn(
      this.client,
      ['ip', '-batch', '-'],
      lines(
        'address add 169.254.203.2/30 dev net0',
        'address add fd00:203::2/64 dev net0 nodad',
        'link set net0 up',
        ...this.clients.map((each) => `address add ${each} dev lo`),
        'route add default via 169.254.203.1',
        'route add default via fd00:203::1',
      ),
    );
    const devices = Object.values(this.#ruleSet.devices ?? {}).flatMap(({ server, client }, index) => [
      `address add ${client} dev net${index}`,
      `link set net${index} up`,
      `route add default via ${addressOf(server)} dev net${index} onlink table ${100 + index}`,
      `rule add from ${addressOf(client)} table ${100 + index}`,
    ]);
    if (devices.length > 0) await mustRunIn(this.behind, ['ip', '-batch', '-'], lines(...devices));
  }

  /** The server forgets how wide the paths to its clients are: the next long answer depends on an ICMP error again. */
  async forgetPaths(): Promise<void> {
    const [old, fresh] = [1000 - this.#flushes, 1000 - ++this.#flushes];
    const change = Object.values(GATEWAY).map((via) => [
      `route add default via ${via} metric ${fresh}`,
      `route delete default via ${via} metric ${old}`,
    ]);
    await mustRunIn(this.server, ['ip', '-batch', '-'], lines(...change.flat(), 'route flush cache'));
  }

  remove(): void {
    this.#network.remove();
    this.#programs.remove();
  }
}

const lines = (...texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');

const addressOf = (network: string) => network.replace(/\/.*/, '');
