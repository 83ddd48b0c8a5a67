#!/usr/bin/env python3
"""Works out what nettune has to decide for the hosts of hosts.csv, and writes it into the same file.

Whoever adds a host writes the cells up to `packets/s` and runs this program. It shares nothing with nettune: the
formulas are written down here a second time, so that a slip in one of the two shows. An empty cell on the left is a
figure that the profile does not give; on the right, a parameter that is left alone.
"""

import csv
import pathlib
from fractions import Fraction
from math import ceil, floor

TABLE = pathlib.Path(__file__).with_name("hosts.csv")

GIVEN = ["host", "role", "kernel", "bits", "memory", "new/s", "open", "untracked", "outbound", "udp/s", "share",
         "TIME_WAIT", "mpm", "per worker", "neighbours", "families", "packets/s"]  # fmt: skip

MIB = 2**20
HEADROOM = Fraction(3, 2)
SOCKET_SECONDS_IN_TIME_WAIT = 60
PORT_RANGES = [(32768, 60999), (16384, 65535), (1024, 65535)]  # the kernel's own one first
DEFAULT_PORTS = 60999 - 32768 + 1


def power_of_two(number):
    """The least one that is not below the number."""
    return 1 << (ceil(number) - 1).bit_length() if number > 1 else 1


def with_headroom(number):
    return ceil(number * HEADROOM)


def size(text):
    units = {"MiB": MIB, "GiB": 2**30, "TiB": 2**40}
    return int(text[:-3]) * units[text[-3:]]


class Flow:
    """Connections that are opened by the same side."""

    def __init__(self, direction, per_second, at_once, tracked=True, share=Fraction(1), destination=None):
        self.direction = direction
        self.per_second = per_second
        self.open = at_once
        self.tracked = tracked
        self.share = share
        self.destination = destination


class Host:
    """A row, in numbers."""

    def __init__(self, row):
        number = lambda column: int(row[column]) if row[column] else None
        self.role = row["role"]
        self.kernel = tuple(int(part) for part in row["kernel"].split("."))
        self.bits = int(row["bits"])
        self.memory = size(row["memory"])
        self.per_second = number("new/s")
        self.open = number("open")
        self.untracked = row["untracked"] == "yes"
        self.outbound = row["outbound"]
        self.udp_per_second = number("udp/s") or 0
        self.share = Fraction(row["share"] or "0.2")
        self.time_wait = number("TIME_WAIT") or (240 if self.role == "nat-gateway" else 60)
        self.mpm = row["mpm"] or "event"
        self.per_worker = size(row["per worker"]) if row["per worker"] else (64 if self.mpm == "prefork" else 2) * MIB
        self.neighbours = number("neighbours") or 0
        self.families = (row["families"] or "ipv4").split()
        self.packets_per_second = number("packets/s") or 0

    @property
    def kernel_memory(self):
        """On 32 bits no more than 896 MiB are always mapped, and the kernel's own things lie there."""
        return min(self.memory, 896 * MIB) if self.bits == 32 else self.memory

    @property
    def serves(self):
        return self.role != "nat-gateway"

    @property
    def has_figures(self):
        return bool(flows(self)) or self.udp_per_second > 0


# --- Connections ---------------------------------------------------------------------------------------------------


def flows(host):
    """TCP connections, by the side that opens them."""
    if host.role == "nat-gateway":
        return main_flow(host, "forwarded", True)
    return main_flow(host, "inbound", not host.untracked) + outgoing_flows(host)


def main_flow(host, direction, tracked, share=Fraction(1)):
    if host.per_second is None and host.open is None:
        return []
    return [Flow(direction, host.per_second or 0, host.open or 0, tracked, share)]


def outgoing_flows(host):
    """`192.0.2.107:3128 250/s 100` each, separated by semicolons; `*` is many hosts, `none` an empty list."""
    if host.outbound == "none":
        return []
    if host.outbound:
        return [outgoing_flow(host, text.split()) for text in host.outbound.split(";")]
    return main_flow(host, "outbound", True, host.share) if host.role == "squid-proxy" else []


def outgoing_flow(host, words):
    destination, per_second, at_once = words
    share = host.share if destination.startswith("*") else Fraction(1)
    named = None if destination.startswith("*") else destination
    return Flow("outbound", int(per_second.removesuffix("/s")), int(at_once), True, share, named)


# --- The connection table ------------------------------------------------------------------------------------------


def bucket_bytes(host):
    one = 8 if host.bits == 64 else 4
    return one * 2 if host.kernel < (2, 6, 23) else one


def entries_per_bucket(host):
    return 8 if host.kernel < (2, 6, 23) else 4 if host.kernel < (5, 15) else 1


def round_to_pages(host, buckets):
    if host.kernel < (2, 6, 23):
        return buckets
    page = 4096 // bucket_bytes(host)
    return ceil(Fraction(buckets, page)) * page


def unrounded_default_buckets(host):
    gib = host.memory / 2**30
    if host.kernel < (2, 6, 23):
        return 8192 if gib > 1 else max(16, host.memory // 16384 // bucket_bytes(host))
    if host.kernel >= (5, 15):
        by_memory = max(1024, host.memory // 16384 // bucket_bytes(host))
        return 262144 if gib > 4 and host.bits == 64 else 65536 if gib > 1 else by_memory
    by_memory = max(32, host.memory // 16384 // bucket_bytes(host))
    return 65536 if gib > 4 and host.kernel >= (4, 0) else 16384 if gib > 1 else by_memory


def default_buckets(host):
    return round_to_pages(host, unrounded_default_buckets(host))


def default_entries(host):
    buckets = default_buckets(host) if host.kernel >= (4, 0) else unrounded_default_buckets(host)
    return buckets * entries_per_bucket(host)


def entries_kept(host):
    """While the rules are loaded: what is untracked has no entry."""
    return entries_of(host, [flow for flow in flows(host) if flow.tracked])


def entries_without_rules(host):
    """Nobody can promise that the rules are always loaded, and without them there is an entry for each connection."""
    return entries_of(host, flows(host))


def entries_of(host, having_one):
    tcp = sum(min(flow.per_second * host.time_wait + flow.open, most_to(flow)) for flow in having_one)
    return tcp + (host.udp_per_second * 300 if host.role == "nat-gateway" else 0)


def most_to(flow):
    """To one address and port there are no more connections than ports from 1024 to 65535."""
    return 64512 if flow.destination else float("inf")


def entry_bytes(host):
    extensions = 128 if host.kernel >= (2, 6, 23) else 0
    if host.bits == 32:
        return (248 if extensions else 232) + extensions
    return (304 if host.kernel < (4, 9) else 320 if host.kernel < (5, 19) else 256) + extensions


def entries_that_fit(host):
    percent = 10 if host.role == "nat-gateway" else 2
    each = entry_bytes(host) + Fraction(bucket_bytes(host), entries_per_bucket(host))
    return floor(Fraction(host.kernel_memory * percent, 100) / each) // 1024 * 1024


def entries_wanted(host):
    if not host.has_figures:
        return max(host.memory // 16384 // (host.bits // 32), default_entries(host))
    needed = with_headroom(entries_without_rules(host))
    return power_of_two(needed) if needed > default_entries(host) else default_entries(host)


def table_entries(host):
    return min(entries_wanted(host), max(entries_that_fit(host), default_entries(host)))


def table_buckets(host):
    return round_to_pages(host, min(2**27, ceil(Fraction(table_entries(host), entries_per_bucket(host)))))


# --- Queues --------------------------------------------------------------------------------------------------------


def accept_queue(host):
    if host.per_second is None:
        return 4096
    return min(max(power_of_two(host.per_second), 1024), 32768)


def somaxconn(host):
    if host.serves:
        return max(accept_queue(host), 128 if host.kernel < (5, 4) else 4096)


def listen_backlog(host):
    if host.role == "web-server":
        return accept_queue(host)


def device_backlog(host):
    arriving = ceil(Fraction(host.packets_per_second, 100))
    return power_of_two(arriving) if arriving > 1000 else None


# --- Sockets and ports ---------------------------------------------------------------------------------------------


def tcp_hash(host):
    if host.kernel >= (3, 9):
        each = 128 * 1024
    else:
        each = 8192 if host.memory >= 512 * MIB else 32768
    return min(power_of_two(Fraction(host.kernel_memory, each)), 524288)


def default_time_wait_sockets(host):
    return 180000 if host.kernel < (2, 6, 36) else tcp_hash(host) // 2


def time_wait_sockets(host):
    ending_here = [flow for flow in flows(host) if flow.direction != "forwarded"]
    needed = with_headroom(sum(flow.per_second for flow in ending_here) * SOCKET_SECONDS_IN_TIME_WAIT)
    if needed <= default_time_wait_sockets(host):
        return None
    fitting = power_of_two(host.kernel_memory * 2 // 100 // 256 + 1) // 2  # the largest power of two that is not above
    sockets = min(power_of_two(needed), fitting)
    return sockets if sockets > default_time_wait_sockets(host) else None


def busy_ports(host, seconds):
    outgoing = [flow for flow in flows(host) if flow.direction == "outbound"]
    places = {flow.destination or flow for flow in outgoing}  # flows to the same place share its ports
    return max([busy_at(place, outgoing, seconds) for place in places], default=0)


def busy_at(place, outgoing, seconds):
    there = [flow for flow in outgoing if (flow.destination or flow) == place]
    return sum(ceil(flow.share * (flow.per_second * seconds + flow.open)) for flow in there)


def reuses_time_wait(host):
    if host.role == "squid-proxy":
        return True
    return busy_ports(host, SOCKET_SECONDS_IN_TIME_WAIT) * HEADROOM > DEFAULT_PORTS


def port_range(host):
    if host.role == "squid-proxy" and not host.has_figures:
        return PORT_RANGES[1]
    needed = busy_ports(host, 1 if reuses_time_wait(host) else SOCKET_SECONDS_IN_TIME_WAIT) * HEADROOM
    enough = [(low, high) for low, high in PORT_RANGES if high - low + 1 >= needed]
    chosen = enough[0] if enough else PORT_RANGES[-1]
    return None if chosen == PORT_RANGES[0] else chosen


# --- Servers -------------------------------------------------------------------------------------------------------


def workers(host):
    """As many as are open, no fewer than Debian ships, no more than fit half of the memory, in whole processes."""
    threads = 1 if host.mpm == "prefork" else 25
    fitting = host.memory // 2 // host.per_worker
    wanted = ceil(Fraction(host.open or 0, threads)) * threads
    count = min(max(wanted, 150), fitting)
    return max(count // threads * threads, min(count, threads))


def server_limit(host):
    """Of the threaded MPMs twice as many slots as processes, 20,000 at most: those that end gracefully keep theirs."""
    processes = workers(host) // threads_per_process(host)
    return processes if host.mpm == "prefork" else min(20000, processes * 2)


def threads_per_process(host):
    return 1 if host.mpm == "prefork" else min(25, workers(host))


def descriptors(host):
    if host.role == "squid-proxy":
        both_sides = sum(flow.open for flow in flows(host))
        return power_of_two(max(with_headroom(both_sides) + 512, 4 * accept_queue(host)))
    if host.role == "web-server":
        idle = 2 if host.mpm == "event" else 0
        return max(8192, power_of_two(threads_per_process(host) * (1 + idle + 1) + 512))


# --- Neighbours ----------------------------------------------------------------------------------------------------


def neighbour_thresholds(host, count):
    fitting = power_of_two(host.kernel_memory // 100 // 512 // 2 + 1) // 2  # twice as many fit 1 % of memory, of 512 bytes each
    soft = min(fitting, power_of_two(with_headroom(count)))
    return (soft // 4, soft, soft * 2) if soft > 512 else None


def ipv6_thresholds(host):
    """A host has two addresses there: a link-local one, and its own."""
    if host.role == "nat-gateway" and "ipv6" in host.families:
        return neighbour_thresholds(host, host.neighbours * 2)


# --- The table -----------------------------------------------------------------------------------------------------


def work_out(host):
    is_web = host.role == "web-server"
    return {
        "default buckets": default_buckets(host),
        "default entries": default_entries(host),
        "entries kept": entries_kept(host) if host.has_figures else None,
        "without rules": entries_without_rules(host) if host.has_figures else None,
        "nf_conntrack_max": table_entries(host),
        "hashsize": table_buckets(host),
        "somaxconn": somaxconn(host),
        "ListenBacklog": listen_backlog(host),
        "tcp_max_tw_buckets": time_wait_sockets(host),
        "tcp_tw_reuse": 1 if reuses_time_wait(host) else None,
        "ip_local_port_range": port_range(host),
        "LimitNOFILE": descriptors(host),
        "ServerLimit": server_limit(host) if is_web else None,
        "MaxRequestWorkers": workers(host) if is_web else None,
        "ThreadsPerChild": threads_per_process(host) if is_web and host.mpm != "prefork" else None,
        "gc_thresh (IPv4)": neighbour_thresholds(host, host.neighbours),
        "gc_thresh (IPv6)": ipv6_thresholds(host),
        "netdev_max_backlog": device_backlog(host),
    }


def as_cell(value):
    if value is None:
        return ""
    return " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def write_table(rows):
    """Columns under each other, so that the file reads as a table without any program."""
    lines = [list(rows[0])] + [[row[column] for column in rows[0]] for row in rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(lines[0]))]
    text = "".join(
        ", ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() + "\n" for line in lines
    )
    TABLE.write_text(text)


def read_rows():
    with TABLE.open() as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {column.strip(): (cell or "").strip() for column, cell in row.items()}


def main():
    rows = [{column: row[column] for column in GIVEN} for row in read_rows()]
    write_table([row | {name: as_cell(value) for name, value in work_out(Host(row)).items()} for row in rows])


if __name__ == "__main__":
    main()
