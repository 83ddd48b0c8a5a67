# A router on a link: advertises itself and a network to all that listen there, once.
#
#   advertise.py DEVICE
import socket
import struct
import sys

index = socket.if_nametoindex(sys.argv[1])
router = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
router.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
# Type 134, a router for 1,800 seconds; then option 3, a prefix on this link from which addresses are made (RFC 4861, 4.2, 4.6.2).
advertisement = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8:5::")
router.sendto(advertisement + prefix, ("ff02::1", 0, 0, index))
