"""The daemon's side of credit, as protocol.txt tells it: to try a machine against."""
from wireroom import codec


class Window:
    """Grants of one producer and what is inside of them."""

    def __init__(self, bytes, messages):
        self.granted = [bytes, messages]
        self.inside = {}

    def admits(self, size):
        used = sum(self.inside.values())
        return not self.inside or (len(self.inside) < self.granted[1] and used + size <= self.granted[0])

    def take(self, frames):
        heard = codec.decode(frames)
        if heard.name == "SUBMIT":
            assert self.admits(len(heard.body)), "over credit"
            self.inside[heard.header["n"]] = len(heard.body)
        return heard


def receipt(id, seq=1, n=1):
    body = codec.pack({"submission": id, "source": "dpa", "record": seq, "time": 0,
                       "items": [{"outcome": "NEW", "state": "open", "seq": seq}]})
    return codec.Heard("RECEIPT", {"n": n}, body)
