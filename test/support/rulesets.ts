import type { Engine, RuleSet } from './ruleset.ts';

const IPTABLES: readonly Engine[] = ['iptables-nft', 'iptables-legacy'];
const NFT: readonly Engine[] = ['nft'];

const [BANNED, BANNED_V6] = ['203.0.113.66', '2a0a:6040::66'];

const FORWARDS = ['net.ipv4.ip_forward=1'];
const TRANSLATION = /translat|\bredirect|\bd?nat\b/i;
const COUNTS = /\b(conn|hash)?limit\b|\brates?\b|\bcounts?\b/i;

/** The second one is a cable to somebody whose address is nowhere near it, and who is answered by it for a mark alone. */
const TWO_UPLINKS = {
  devices: { eth1: { server: '46.4.10.2/24', client: '62.210.7.7/32' } },
  network: ['route add default dev eth1 table 102', 'rule add fwmark 2 lookup 102 pref 100'],
  allowed: ['62.210.7.7'],
  outcome: /asks the connection table/,
} as const;

/** Everybody is answered through a tunnel that leads away from him, unless by a mark. */
const TUNNEL = {
  devices: { wg0: { server: '10.66.0.1/24', client: '10.66.0.2/24' } },
  network: [
    'route add default dev wg0 metric 10',
    'route add default via 85.214.10.1 dev eth0 table 102',
    'rule add fwmark 1 lookup 102 pref 100',
  ],
  outcome: /marks by the state of a connection/,
} as const;

const CUSTOMERS = [11, 12, 13, 14, 15, 16, 17, 18].map((last) => `85.214.10.${last}`);
const NINE_ADDRESSES = {
  engines: IPTABLES,
  network: CUSTOMERS.map((address) => `address add ${address}/24 dev eth0`),
  alsoAt: CUSTOMERS.map((address) => [address, 443] as const),
};

/**
 * Every rule set, and what is right: not what the loader of a day does. A row that says `loads` is a host that people have,
 * whose rules treat an untracked packet as they treat a tracked one once nettune's accepts are in place.
 */
export const RULE_SETS: readonly RuleSet[] = [
  // What distributions, clouds and tutorials leave on a host.
  { name: 'stock/digitalocean', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/centos-5', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/rhel-7', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/oracle-cloud', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/debian-wiki', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/arch-wiki', engines: IPTABLES, outcome: 'loads', isRestoredAgain: true },
  { name: 'stock/at-boot', engines: IPTABLES, ports: [80], outcome: 'loads', isRestoredAgain: true },
  { name: 'stock/not-loopback', engines: IPTABLES, ports: [80], outcome: 'loads' },
  { name: 'stock/eth0-only', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/hardened-aws', engines: IPTABLES, outcome: 'loads' },
  { name: 'stock/ufw-desktop', engines: IPTABLES, filter: 'ufw', banned: [BANNED], outcome: 'loads' },
  { name: 'stock/dual-stack', engines: IPTABLES, banned: [BANNED, BANNED_V6], outcome: 'loads' },

  // Ways through chains, and what decides there.
  { name: 'chains/new-then-drop', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  { name: 'chains/goto-new', engines: IPTABLES, outcome: 'either' },
  { name: 'chains/banned-returns', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  { name: 'chains/banned-returns-untracked', engines: IPTABLES, banned: [BANNED], outcome: 'loads' },
  { name: 'chains/deep-layers', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  { name: 'chains/quoted-comments', engines: IPTABLES, banned: [BANNED], outcome: 'loads' },
  { name: 'chains/bans-below-established', engines: IPTABLES, banned: [BANNED, '198.51.100.9'], outcome: 'loads' },
  { name: 'chains/new-not-syn', engines: IPTABLES, outcome: 'loads' },
  {
    name: 'chains/mark-policy',
    engines: IPTABLES,
    ports: [443],
    allowed: ['198.51.100.7', '198.51.100.8'],
    isClosed: true,
    outcome: 'either',
  },
  { name: 'chains/connmark-policy', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  { name: 'chains/multiport-lists', engines: IPTABLES, outcome: 'loads' },
  {
    name: 'chains/banned-by-ipv6',
    engines: IPTABLES,
    banned: [BANNED, BANNED_V6],
    outcome: /2a0a:6040::66 \(.*\) would reach port/,
  },
  { name: 'chains/only-new-is-judged', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  { name: 'output/policy-drop', engines: IPTABLES, outcome: 'loads' },
  { name: 'output/by-user', engines: IPTABLES, outcome: 'either' },
  { name: 'icmp/invalid-first', engines: IPTABLES, outcome: 'either' },
  { name: 'icmp/all-dropped', engines: IPTABLES, losesLongAnswers: true, outcome: 'loads' },
  { name: 'icmp/in-raw', engines: IPTABLES, banned: [BANNED], outcome: 'loads' },

  // Programs that write rules.
  { name: 'panels/csf', engines: IPTABLES, banned: [BANNED], allowed: ['192.168.1.50'], outcome: 'loads' },
  { name: 'panels/cpanel-csf-sets', engines: IPTABLES, banned: [BANNED, '198.51.100.9'], outcome: 'loads' },
  { name: 'panels/csf-floods', engines: IPTABLES, outcome: COUNTS },
  { name: 'panels/shorewall', engines: IPTABLES, banned: [BANNED], outcome: 'loads' },
  { name: 'panels/proxmox', engines: IPTABLES, banned: [BANNED], outcome: 'loads' },

  // Containers, clusters, machines and tunnels.
  {
    name: 'containers/docker',
    engines: IPTABLES,
    others: [22, 9000],
    devices: { docker0: { server: '172.17.0.1/16', client: '172.17.0.2/16' } },
    behind: [9000],
    sysctls: FORWARDS,
    outcome: 'loads',
  },
  {
    name: 'containers/docker-serves',
    engines: IPTABLES,
    ports: [80],
    devices: { docker0: { server: '172.17.0.1/16', client: '172.17.0.2/16' } },
    behind: [80],
    sysctls: FORWARDS,
    outcome: TRANSLATION,
  },
  {
    name: 'containers/docker-swarm',
    engines: IPTABLES,
    others: [22, 8081, 9000],
    devices: { docker_gwbridge: { server: '172.18.0.1/16', client: '172.18.0.2/16' } },
    behind: [9000],
    sysctls: FORWARDS,
    outcome: 'loads',
  },
  {
    name: 'containers/kube-proxy',
    engines: IPTABLES,
    allowed: ['192.0.2.2'],
    behind: [6443],
    fromHost: [['10.96.0.1', 443]],
    sysctls: FORWARDS,
    outcome: 'loads',
  },
  { name: 'containers/kube-nodeport', engines: IPTABLES, ports: [80], others: [22, 30080], outcome: TRANSLATION },
  { name: 'containers/calico', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  {
    name: 'containers/libvirt',
    engines: IPTABLES,
    devices: { virbr0: { server: '192.168.122.1/24', client: '192.168.122.10/24' } },
    sysctls: FORWARDS,
    outcome: 'loads',
  },
  {
    name: 'vpn/wireguard',
    engines: IPTABLES,
    devices: { wg0: { server: '10.66.0.1/24', client: '10.66.0.2/24' } },
    outcome: 'loads',
  },
  {
    name: 'vpn/inside-only',
    engines: IPTABLES,
    ports: [443],
    devices: { wg0: { server: '10.66.0.1/24', client: '10.66.0.2/24' } },
    banned: ['10.66.0.9'],
    allowed: ['10.66.0.2'],
    isClosed: true,
    outcome: 'loads',
  },
  {
    name: 'vpn/tailscale',
    engines: IPTABLES,
    devices: { tailscale0: { server: '100.101.102.1/24', client: '100.101.102.103/24' } },
    banned: ['100.64.0.9'],
    allowed: ['100.101.102.103'],
    outcome: 'loads',
  },
  {
    name: 'vpn/openvpn',
    engines: IPTABLES,
    devices: { tun0: { server: '10.8.0.1/24', client: '10.8.0.6/24' } },
    sysctls: FORWARDS,
    outcome: 'loads',
  },

  // Who may not, and who alone may.
  { name: 'bans/fail2ban', engines: IPTABLES, banned: [BANNED], allowed: ['198.51.100.9'], outcome: 'loads' },
  { name: 'bans/crowdsec', engines: IPTABLES, banned: [BANNED, '198.51.100.9', BANNED_V6], outcome: 'loads' },
  { name: 'bans/countries', engines: IPTABLES, banned: ['41.60.1.1'], allowed: ['77.117.5.5'], outcome: 'loads' },
  {
    name: 'bans/cdn-only',
    engines: IPTABLES,
    ports: [443],
    allowed: ['173.245.48.5', '104.17.0.1'],
    isClosed: true,
    outcome: 'loads',
  },
  {
    name: 'bans/balancer-only',
    engines: IPTABLES,
    allowed: ['10.20.0.11', '10.20.0.12'],
    isClosed: true,
    outcome: 'loads',
  },
  { name: 'bans/one-of-many', engines: IPTABLES, banned: [BANNED], outcome: 'either' },
  { name: 'bans/not-from', engines: IPTABLES, banned: [BANNED, '41.60.1.1'], outcome: 'loads' },

  // Rules that count, remember, search or ask: what they do to untracked packets is not seen by a few connections.
  { name: 'limits/connlimit', engines: IPTABLES, outcome: COUNTS },
  { name: 'limits/recent-ssh', engines: IPTABLES, outcome: 'loads' },
  { name: 'limits/recent-web', engines: IPTABLES, outcome: /\brecent\b|\bremembers?\b|\bcounts?\b/i },
  { name: 'limits/hashlimit', engines: IPTABLES, outcome: COUNTS },
  { name: 'limits/syn-rate', engines: IPTABLES, outcome: 'either' },
  { name: 'limits/by-time', engines: IPTABLES, outcome: 'either' },
  { name: 'limits/by-hops', engines: IPTABLES, outcome: /-m hl .*: asks for a detail of packets/ },
  { name: 'limits/by-string', engines: IPTABLES, outcome: 'loads' },
  {
    name: 'limits/synproxy',
    engines: IPTABLES,
    sysctls: ['net.netfilter.nf_conntrack_tcp_loose=0', 'net.ipv4.tcp_timestamps=1'],
    outcome: /synproxy|untracked/i,
  },
  { name: 'limits/queue', engines: IPTABLES, outcome: 'either' },

  // Translation that ends at a served port, and translation that does not.
  { name: 'translation/redirect-to-served', engines: IPTABLES, ports: [8080], others: [22, 80], outcome: TRANSLATION },
  { name: 'translation/dnat-to-itself', engines: IPTABLES, ports: [8080], others: [22, 80], outcome: TRANSLATION },
  { name: 'translation/redirect-from-host', engines: IPTABLES, ports: [8080], others: [22, 80], outcome: TRANSLATION },
  {
    name: 'translation/redirect-range',
    engines: IPTABLES,
    ports: [443],
    others: [22, 20000, 20500],
    outcome: TRANSLATION,
  },
  {
    name: 'translation/floating-address',
    engines: IPTABLES,
    alsoAt: [['198.51.100.77', 8443]],
    outcome: TRANSLATION,
  },
  {
    name: 'translation/floating-ipv6',
    engines: IPTABLES,
    alsoAt: [['2a01:4f8:fff0::77', 8443]],
    outcome: TRANSLATION,
  },
  { name: 'translation/one-to-one', engines: IPTABLES, alsoAt: [['198.51.100.77', 443]], outcome: TRANSLATION },
  {
    name: 'translation/customer-block',
    engines: IPTABLES,
    alsoAt: [['198.51.100.70', 8443]],
    outcome: TRANSLATION,
  },
  { name: 'translation/floating-by-nft', engines: NFT, alsoAt: [['198.51.100.77', 8443]], outcome: TRANSLATION },
  { name: 'translation/addresses-by-map', engines: NFT, alsoAt: [['198.51.100.78', 443]], outcome: TRANSLATION },
  { name: 'translation/other-port', engines: IPTABLES, others: [22, 2222], outcome: 'loads' },
  { name: 'translation/tproxy', engines: IPTABLES, ports: [443], outcome: 'either' },
  { name: 'translation/redirect', engines: NFT, filter: 'none', ports: [8080], others: [22, 80], outcome: TRANSLATION },
  {
    name: 'translation/dnat-from-host',
    engines: NFT,
    filter: 'none',
    ports: [8080],
    others: [22, 80],
    outcome: TRANSLATION,
  },

  // Ways in and out: several addresses, several uplinks, a gateway in no network of the host.
  { name: 'routing/two-uplinks', ...TWO_UPLINKS, engines: IPTABLES },
  { name: 'routing/two-uplinks-by-match', ...TWO_UPLINKS, engines: IPTABLES },
  { name: 'routing/two-uplinks-by-nft', ...TWO_UPLINKS, engines: NFT, filter: 'none' },
  { name: 'routing/uplink-by-state', ...TUNNEL, engines: IPTABLES },
  { name: 'routing/uplink-by-state-and-nft', ...TUNNEL, engines: NFT, filter: 'none' },
  {
    name: 'routing/every-address',
    ...NINE_ADDRESSES,
    allowed: [BANNED],
    outcome: /203\.0\.113\.66 .* of 85\.214\.10\.18/,
  },
  { name: 'routing/every-address-open', ...NINE_ADDRESSES, banned: [BANNED], outcome: 'loads' },
  {
    name: 'routing/gateway-off-link',
    engines: IPTABLES,
    network: [
      'address add 85.214.10.2/32 dev eth0',
      'address delete 85.214.10.2/24 dev eth0',
      'route add 85.214.10.1 dev eth0',
      'route add default via 172.31.1.1 dev eth0 onlink metric 10',
    ],
    banned: [BANNED],
    outcome: 'loads',
  },

  // Raw rules of others.
  {
    name: 'raw/ftp-helper',
    engines: IPTABLES,
    ports: [21, 80],
    profile: 'allow: [{ check: control-ports-stay-tracked, because: the loader is to find it }]',
    outcome: /helper/i,
  },
  { name: 'raw/zones', engines: IPTABLES, outcome: 'either' },
  { name: 'raw/names-untracked', engines: IPTABLES, outcome: 'loads' },
  { name: 'raw/web-untracked', engines: IPTABLES, outcome: 'loads' },
  { name: 'raw/events', engines: IPTABLES, outcome: 'either' },

  // nft: its own ways to say these things.
  { name: 'nft/bogons', engines: NFT, ports: [80], banned: ['198.51.100.20'], outcome: 'loads' },
  { name: 'nft/sets-and-maps', engines: NFT, banned: [BANNED, '41.60.1.1', BANNED_V6], outcome: 'loads' },
  { name: 'nft/by-state', engines: NFT, outcome: /include|not accept/i },
  { name: 'nft/by-state-with-lines', engines: NFT, banned: [BANNED], outcome: 'loads' },
  {
    name: 'nft/cdn-only',
    engines: NFT,
    ports: [443],
    allowed: ['173.245.48.5', '104.17.0.1', '2400:cb00::5'],
    isClosed: true,
    outcome: 'loads',
  },
  { name: 'nft/rates-by-source', engines: NFT, outcome: COUNTS },
  { name: 'nft/counted-connections', engines: NFT, outcome: COUNTS },
  { name: 'nft/two-tables', engines: NFT, banned: [BANNED], outcome: 'either' },
  { name: 'nft/named-as-iptables', engines: NFT, banned: [BANNED], outcome: /203\.0\.113\.66 .* would reach port/ },
  { name: 'nft/asleep', engines: NFT, outcome: 'loads' },
  { name: 'nft/at-the-device', engines: NFT, banned: [BANNED], outcome: 'loads' },
  { name: 'nft/rhel-service', engines: NFT, outcome: /include|not accept/i },
  {
    name: 'nft/reverse-path',
    engines: NFT,
    devices: { wg0: { server: '10.66.0.1/24', client: '10.66.0.2/24' } },
    banned: ['10.66.0.9'],
    outcome: 'loads',
  },
  {
    name: 'nft/helper',
    engines: NFT,
    ports: [21, 80],
    profile: 'allow: [{ check: control-ports-stay-tracked, because: the loader is to find it }]',
    outcome: /helper/i,
  },

  // Two firewalls at once.
  {
    name: 'two-firewalls/iptables-and-old',
    engines: ['iptables-nft'],
    banned: [BANNED, '198.51.100.9'],
    outcome: 'either',
  },
  { name: 'two-firewalls/iptables-and-nft', engines: IPTABLES, banned: [BANNED, '198.51.100.9'], outcome: 'either' },
  { name: 'two-firewalls/nat-by-nft', engines: IPTABLES, ports: [8080], others: [22, 80], outcome: TRANSLATION },
];
