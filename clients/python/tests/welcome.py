"""What a daemon says first, for machines that are tried without one."""
WELCOME = {"server": "wireroomd 0.1.0", "version": 1, "principal": "me", "roles": ["submit"],
           "sources": ["*"], "store": bytes(16), "epoch": 7, "seq": 0, "heartbeat_ms": 1000,
           "submission_bytes": 1 << 20, "submission_items": 500, "credit_bytes": 1000,
           "credit_messages": 4, "submit": "s", "feed": "f", "notice": "n", "query": "q",
           "admin": "a", "formats": ["auto"]}


def refused(error="BUSY", code=303, transient=True, **more):
    return {"code": code, "error": error, "transient": transient, "words": "because", **more}
