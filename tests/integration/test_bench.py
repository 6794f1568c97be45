"""What a benchmark's figures rest on: a row only if every article was new and every
follower told; tables from quiet rows only."""
import json
import pathlib
import subprocess
import sys

from house import DAEMON, ROOT

sys.path.insert(0, str(ROOT / "tests/bench"))

import tables  # noqa: E402

LOAD = pathlib.Path(DAEMON).parents[1] / "tests/bench/load"


def load(daemon, *words):
    return subprocess.run([str(LOAD), "wireroom", daemon.address, "--articles", "200", *words],
                          capture_output=True, text=True, timeout=120)


def test_a_row_says_what_was_filed_and_delivered(daemon, client):
    done = load(daemon, "--clients", "2", "--depth", "8", "--followers", "3",
                "--feed", "ipc://%s/feed" % daemon.directory)
    row = json.loads(done.stdout)
    assert (row["articles"], row["deliveries"], row["clients"]) == (200, 600, 2)
    assert client.status().items == 200


def test_no_row_if_an_article_was_known(daemon):
    assert load(daemon, "--seed", "7").returncode == 0
    again = load(daemon, "--seed", "7")
    assert (again.returncode, again.stdout) == (1, "")
    assert "200 articles 0 new, 200 known" in again.stderr


def row(server, rate, number=1, other=0.0):
    return {"server": server, "rate": rate, "round": number, "other_pct": other, "shape": "c4 d64"}


def test_ratios_are_taken_inside_a_round_and_from_quiet_rows():
    rows = [row("wireroom", 300), row("redis", 100), row("postgres", 150), row("rabbitmq", 200),
            row("wireroom", 300, 2), row("redis", 150, 2), row("postgres", 600, 2, other=7.0),
            row("rabbitmq", 200, 2)]
    rounds = tables.rounds_of(rows, 6)["c4 d64"]
    best, redis = tables.ratios(rounds, "rate", "wireroom", False)
    assert best == [1.5]  # round 2 misses a peer, which might have been the best
    assert redis == [3.0, 2.0]
