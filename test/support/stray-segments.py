# Segments that belong to no connection: a lone ACK, as a scanner or a forgotten client sends.
#
#   stray-segments.py listen   says each one that reaches TCP on this host: a raw socket sees what the filter let through
#   stray-segments.py send     sends one for each line of "FROM TO PORT NUMBER", and answers an empty line when all are sent
import selectors
import socket
import struct
import sys

# In the sequence number: these are ours. The lower 16 bits are the number of the line.
MAGIC = 0x6E740000
SOURCE_PORT = 61999


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def segment(source, target, port, number):
    family = family_of(source)
    header = struct.pack("!HHIIBBHHH", SOURCE_PORT, port, MAGIC | number, 1, 5 << 4, 0x10, 65535, 0, 0)
    ends = socket.inet_pton(family, source) + socket.inet_pton(family, target)
    total = checksum(ends + struct.pack("!HH", socket.IPPROTO_TCP, len(header)) + header)
    return header[:16] + struct.pack("!H", total) + header[18:]


def send():
    for line in sys.stdin:
        if not line.strip():
            print("sent", flush=True)
            continue
        source, target, port, number = line.split()
        with socket.socket(family_of(source), socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
            raw.bind((source, 0))
            try:
                raw.sendto(segment(source, target, int(port), int(number)), (target, 0))
            except OSError as error:
                print(f"{line.strip()}: {error}", file=sys.stderr)


def listen():
    ready = selectors.DefaultSelector()
    for family in (socket.AF_INET, socket.AF_INET6):
        raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        ready.register(raw, selectors.EVENT_READ, family)
    print("listening", flush=True)
    while True:
        for key, _ in ready.select():
            packet = key.fileobj.recv(65535)
            header = packet[(packet[0] & 15) * 4 :] if key.data == socket.AF_INET else packet
            (number,) = struct.unpack("!I", header[4:8])
            if number & 0xFFFF0000 == MAGIC and header[:2] == struct.pack("!H", SOURCE_PORT):
                print(number & 0xFFFF, flush=True)


{"listen": listen, "send": send}[sys.argv[1]]()
