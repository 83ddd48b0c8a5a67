"""One end of a telephone call by SIP, over UDP. `answer ADDRESS` notes where a caller listens and sends its voice there;
`call FROM TO` says where it listens, and prints what comes: a voice or silence."""

import re
import socket
import sys
from contextlib import suppress

SIP, VOICE = 5060, 40000


def bound(address: str, port: int) -> socket.socket:
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind((address, port))
    return end


def answer(address: str) -> None:
    end = bound(address, SIP)
    while True:
        invitation = end.recv(4096).decode()
        caller = re.search(r"c=IN IP4 (\S+)", invitation).group(1)
        port = int(re.search(r"m=audio (\d+)", invitation).group(1))
        # An address from behind a gateway that was not translated leads nowhere.
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as voice:
            voice.sendto(f"voice for {caller}".encode(), (caller, port))


def invite(caller: str, called: str) -> str:
    session = ["v=0", f"o=a 1 1 IN IP4 {caller}", "s=-", f"c=IN IP4 {caller}", "t=0 0", f"m=audio {VOICE} RTP/AVP 0"]
    description = "".join(f"{line}\r\n" for line in session)
    head = [
        f"INVITE sip:b@{called} SIP/2.0",
        f"Via: SIP/2.0/UDP {caller}:{SIP};branch=z9hG4bK1",
        f"From: <sip:a@{caller}>;tag=1",
        f"To: <sip:b@{called}>",
        f"Call-ID: 1@{caller}",
        "CSeq: 1 INVITE",
        f"Contact: <sip:a@{caller}:{SIP}>",
        "Max-Forwards: 70",
        "Content-Type: application/sdp",
        f"Content-Length: {len(description)}",
    ]
    return "".join(f"{line}\r\n" for line in [*head, ""]) + description


def call(caller: str, called: str) -> None:
    voice = bound(caller, VOICE)
    voice.settimeout(2)
    bound(caller, SIP).sendto(invite(caller, called).encode(), (called, SIP))
    try:
        print(voice.recv(100).decode())
    except TimeoutError:
        print("silence")


{"answer": answer, "call": call}[sys.argv[1]](*sys.argv[2:])
