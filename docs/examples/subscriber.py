#!/usr/bin/env python3
"""A subscriber from docs/protocol.txt, pyzmq and msgpack alone: subscriber.py ADDRESS [AFTER]

ADDRESS is that of the submit socket. What it prints first in a line is where to go on."""
import sys

import msgpack
import zmq

address = sys.argv[1]
last = int(sys.argv[2]) if len(sys.argv) > 2 else 0
socket = zmq.Context().socket(zmq.DEALER)
socket.connect(address)


def say(number, **fields):
    socket.send_multipart([b"WR\x01" + bytes([number]), msgpack.packb(fields)])


say(0x01)  # HELLO
while True:
    if not socket.poll(500):  # more often than the daemon's HEAD, so that we are never silent
        say(0x03)  # HEARTBEAT
        continue
    prefix, header, *body = socket.recv_multipart()
    header = msgpack.unpackb(header)
    if prefix[3] == 0x02 and header["feed"] != address:  # WELCOME, and the feed is elsewhere
        socket.disconnect(address)
        address = header["feed"]
        socket.connect(address)
        say(0x01)
    elif prefix[3] == 0x02:
        say(0x20, after=last, bodies="headers")  # OPEN
    elif prefix[3] == 0x21:  # OPENED
        say(0x06, bytes=1 << 20, messages=100)  # CREDIT
    elif prefix[3] == 0x22:  # EVENT
        for change in msgpack.unpackb(body[0]):
            last = change["seq"]
            print(last, change["class"], change["source"], change.get("headline") or change.get("gated"), flush=True)
        say(0x24, seq=last)  # ACK
        say(0x06, bytes=len(body[0]), messages=1)
    elif prefix[3] == 0x05 and header["error"] == "NO_HELLO":
        say(0x01)
    elif prefix[3] == 0x05:  # REFUSED
        sys.exit("%s: %s" % (header["error"], header["words"]))
