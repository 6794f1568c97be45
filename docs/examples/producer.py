#!/usr/bin/env python3
"""A producer from docs/protocol.txt, pyzmq and msgpack alone: producer.py ADDRESS SOURCE FILE"""
import os
import sys

import msgpack
import zmq

address, source, path = sys.argv[1:]
socket = zmq.Context().socket(zmq.DEALER)
socket.connect(address)
submission_id = os.urandom(16)  # keep it with the file: sending it again is safe
socket.send_multipart([b"WR\x01\x01", msgpack.packb({})])
while True:
    prefix, header, *body = socket.recv_multipart()
    header = msgpack.unpackb(header)
    if prefix[3] == 0x02:  # WELCOME
        document = open(path, "rb").read()
        assert len(document) <= header["submission_bytes"]
        fields = {"n": 1, "id": submission_id, "source": source, "format": "auto"}
        socket.send_multipart([b"WR\x01\x10", msgpack.packb(fields), document])
    elif prefix[3] == 0x11:  # RECEIPT
        for item in msgpack.unpackb(body[0])["items"]:
            print(item["outcome"], item.get("uri"), item.get("seq"))
        break
    elif prefix[3] == 0x05:  # REFUSED
        sys.exit("%s: %s" % (header["error"], header["words"]))
