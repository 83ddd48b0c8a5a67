/** What a host's own filter may look like. 10.203.1.66 is banned in each of them; ports 22, 80 and 8000-8003 are open. */

export const BANNED = '10.203.1.66';

export const filter = (...lines: readonly string[]) => `${['*filter', ...lines, 'COMMIT'].join('\n')}\n`;
const policies = (input: string, output = 'ACCEPT') => [
  `:INPUT ${input} [0:0]`,
  ':FORWARD ACCEPT [0:0]',
  `:OUTPUT ${output} [0:0]`,
];

const STATE = '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT';
const BAN = `-A INPUT -s ${BANNED} -j DROP`;

/** As Red Hat ships it in /etc/sysconfig/iptables, with `ban` above or below the rule that lets ESTABLISHED through. */
export const redHat = (ban: 'above' | 'below'): string =>
  filter(
    ...policies('ACCEPT'),
    ...(ban === 'above' ? [BAN, STATE] : [STATE, BAN]),
    '-A INPUT -m state --state INVALID -j DROP',
    '-A INPUT -p icmp -j ACCEPT',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT',
    '-A INPUT -p tcp -m state --state NEW -m multiport --dports 80,81,8000:8003 -j ACCEPT',
    '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
    '-A FORWARD -j REJECT --reject-with icmp-host-prohibited',
  );

/** As the installer of release 5 writes it: all in a chain of its own. */
export const redHat5: string = filter(
  ...policies('ACCEPT'),
  ':RH-Firewall-1-INPUT - [0:0]',
  BAN,
  '-A INPUT -j RH-Firewall-1-INPUT',
  '-A FORWARD -j RH-Firewall-1-INPUT',
  '-A RH-Firewall-1-INPUT -i lo -j ACCEPT',
  '-A RH-Firewall-1-INPUT -p icmp --icmp-type any -j ACCEPT',
  '-A RH-Firewall-1-INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT',
  '-A RH-Firewall-1-INPUT -m state --state NEW -m tcp -p tcp --dport 22 -j ACCEPT',
  '-A RH-Firewall-1-INPUT -m state --state NEW -m tcp -p tcp --dport 80:81 -j ACCEPT',
  '-A RH-Firewall-1-INPUT -m state --state NEW -m tcp -p tcp --dport 8000:8003 -j ACCEPT',
  '-A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited',
);

/** As the Arch wiki builds it: chains for new connections, TCP refused by itself, DROP as the policy. */
export const arch = filter(
  ...policies('DROP', 'DROP'),
  ':TCP - [0:0]',
  ':UDP - [0:0]',
  BAN,
  '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A INPUT -i lo -j ACCEPT',
  '-A INPUT -m conntrack --ctstate INVALID -j DROP',
  '-A INPUT -p icmp -m icmp --icmp-type 8 -m conntrack --ctstate NEW -j ACCEPT',
  '-A INPUT -p udp -m conntrack --ctstate NEW -j UDP',
  '-A INPUT -p tcp --syn -m conntrack --ctstate NEW -j TCP',
  '-A INPUT -p udp -j REJECT --reject-with icmp-port-unreachable',
  '-A INPUT -p tcp -j REJECT --reject-with tcp-reset',
  '-A INPUT -j REJECT --reject-with icmp-proto-unreachable',
  '-A TCP -p tcp --dport 22 -j ACCEPT',
  '-A TCP -p tcp -m multiport --dports 80,81,8000:8003 -j ACCEPT',
  '-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A OUTPUT -o lo -j ACCEPT',
  '-A OUTPUT -p udp --dport 53 -j ACCEPT',
);

/** fail2ban on top of a filter with the policy DROP: its chain comes first, and a ban is a rule in it. */
export const fail2ban = filter(
  ...policies('DROP'),
  ':f2b-web - [0:0]',
  '-A INPUT -p tcp -m multiport --dports 80,443 -j f2b-web',
  '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
  '-A INPUT -p tcp -m conntrack --ctstate NEW -m multiport --dports 22,80,81,8000:8003 -j ACCEPT',
  `-A f2b-web -s ${BANNED} -m comment --comment "--ctstate NEW -j DROP" -j REJECT --reject-with icmp-port-unreachable`,
  '-A f2b-web -j RETURN',
);

/** A container behind port 8080, as Docker publishes and protects it since version 28. */
export const docker = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-USER - [0:0]
-A INPUT -s ${BANNED} -j DROP
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER
-A DOCKER-FORWARD -i docker0 -j ACCEPT
COMMIT
`;
