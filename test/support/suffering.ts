/** A server on a neighbour of the machine, that keeps every connection open. */
const startServer = (port: number) => `systemd-run -q ip netns exec client python3 -c 'import resource, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999))
server, open = socket.create_server(("", ${port}), backlog=4096), []
while True: open.append(server.accept()[0])'
until ip netns exec client ss -Hltn 'sport = :${port}' | grep -q .; do sleep 0.2; done`;

/** Opens connections to it until none is answered any more. */
const UNTIL_FULL = `import resource, socket, time
resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999))
open = []
try:
  while True: open.append(socket.create_connection(("192.0.2.10", 3128), 0.5))
except OSError: time.sleep(9999)`;

/** An entry whose time was not renewed for 16 hours. */
const SILENT = `sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=373144
systemd-run -q bash -c 'exec 3<>/dev/tcp/192.0.2.10/3306; sleep infinity'
until conntrack -L -p tcp --orig-port-dst 3306 2>/dev/null | grep -q ESTABLISHED; do sleep 0.2; done
sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=432000`;

/** Asks a Squid that closes each connection first, as it does for a client that it does not understand. */
const MANY_REQUESTS = `import socket
for each in range(450):
  client = socket.create_connection(("192.0.2.1", 3128))
  client.sendall(b"GET x\\r\\n\\r\\n")
  while client.recv(65536): pass`;

/** Clients at the end of a long path, who all come within the same moment. */
const BURST = `import resource, socket, time
resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999))
clients = [socket.socket() for each in range(1500)]
for client in clients:
  client.setblocking(False)
  client.connect_ex(("192.0.2.1", 80))
time.sleep(4)`;

/** What a machine suffers from before a page about it is played, as commands for its shell. Limits are low, to reach them soon. */
export const SUFFERING: Readonly<Record<string, string>> = {
  'docs/how-to/table-full.md': `sysctl -qw net.netfilter.nf_conntrack_max=2048
${startServer(3128)}
systemd-run -q python3 -c '${UNTIL_FULL}'
until dmesg | grep -q 'table full'; do sleep 0.2; done`,

  'docs/how-to/established-for-days.md': `${startServer(3306)}
${SILENT}`,

  'docs/how-to/time-wait.md': `sysctl -qw net.ipv4.tcp_max_tw_buckets=400
ip netns exec client python3 -c '${MANY_REQUESTS}'`,

  'docs/how-to/syn-flooding.md': `echo '${BURST}' > /usr/local/sbin/burst.py
printf '#!/bin/sh\\nexec ip netns exec client python3 /usr/local/sbin/burst.py\\n' > /usr/local/sbin/burst
chmod +x /usr/local/sbin/burst
ip netns exec client tc qdisc add dev eth0 root netem delay 300ms limit 20000
nstat -n
burst`,
};
