#!/usr/bin/env python3
"""A producer from docs/protocol.txt, pyzmq and msgpack alone: producer.py ADDRESS SOURCE FILE

It outlives a restart of the daemon: what has no receipt is sent again under the same id."""
import os
import sys
import time

import msgpack
import zmq

address, source, path = sys.argv[1:]
document = open(path, "rb").read()
fields = {"n": 1, "id": os.urandom(16), "source": source, "format": "auto"}  # keep the id with the file
socket = zmq.Context().socket(zmq.DEALER)
socket.connect(address)


def say(number, fields, *body):
    socket.send_multipart([b"WR\x01" + bytes([number]), msgpack.packb(fields), *body])


say(0x01, {})  # HELLO
while True:
    if not socket.poll(500):
        say(0x03, {})  # HEARTBEAT: a daemon that was started anew answers it with NO_HELLO
        continue
    prefix, header, *body = socket.recv_multipart()
    header = msgpack.unpackb(header)
    if prefix[3] == 0x02:  # WELCOME
        if len(document) > header["submission_bytes"]:
            sys.exit("%s is larger than %d bytes" % (path, header["submission_bytes"]))
        say(0x10, fields, document)  # SUBMIT
    elif prefix[3] == 0x11:  # RECEIPT
        for item in msgpack.unpackb(body[0])["items"]:
            print(item["outcome"], item.get("uri"), item.get("seq"))
        break
    elif prefix[3] == 0x05 and header["error"] == "NO_HELLO":
        say(0x01, {})
    elif prefix[3] == 0x05 and header["transient"]:  # REFUSED for now
        time.sleep(header.get("retry_after_ms", 1000) / 1000)
        say(0x10, fields, document)
    elif prefix[3] == 0x05:
        sys.exit("%s: %s" % (header["error"], header["words"]))
