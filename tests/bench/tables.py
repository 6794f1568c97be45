"""Rows of the benchmark to tables: medians over quiet rounds, ratios inside rounds."""
import collections
import statistics

DURABLE_PEERS = ("redis", "postgres", "rabbitmq")
# Microseconds of all cores that one article may cost (the design's budget), and its lines as
# a prototype had them. What the prototype did not do has no line; the rest is reserve.
BUDGET_US = 45
STAGES = [  # words, threads, the line in microseconds
    ("readers: parse, NFC, key, digests, LZ4", ("readers",), "21.6"),
    ("intake: frames, credit, raw digest", ("intake",), "2.1"),
    ("writer: order, judge, file, checkpoint", ("writer",), "5.3"),
    ("syncer: log append and sync", ("syncer",), "1.3"),
    ("libzmq: IO threads", ("ZMQbg/IO/0", "ZMQbg/Reaper"), "3.3"),
    ("keeper: files made ahead", ("keeper",), ""),
    ("feed: rows to followers", ("feed",), ""),
]


def by_shape(rows):
    """{(shape, server): rows}, in the order they were first seen."""
    groups = collections.OrderedDict()
    for row in rows:
        groups.setdefault((row["shape"], row["server"]), []).append(row)
    return groups


def is_quiet(row, limit):
    return row["other_pct"] <= limit


def middle(rows, key):
    return statistics.median(row[key] for row in rows)


def spread(values):
    values = sorted(values)
    if not values:
        return "-"
    return "%s / %s / %s" % tuple(number(v) for v in
                                  (values[0], statistics.median(values), values[-1]))


def number(value):
    return "%.2f" % value if value < 10 else "%.1f" % value if value < 100 else "%.0f" % value


def table(head, lines):
    widths = [max(len(str(line[i])) for line in [head, *lines]) for i in range(len(head))]
    def shown(line):
        cells = [str(line[0]).ljust(widths[0])] + [
            str(c).rjust(w) for c, w in zip(line[1:], widths[1:])]
        return "| " + " | ".join(cells) + " |"
    return "\n".join([shown(head), "|" + "|".join("-" * (w + 2) for w in widths) + "|",
                      *map(shown, lines)])


def quiet_of(rows, limit):
    """The quiet rows, or all where there are none; and a word for the table."""
    quiet = [row for row in rows if is_quiet(row, limit)]
    return (quiet, "%d" % len(quiet)) if quiet else (rows, "0 of %d!" % len(rows))


def main_table(rows, limit):
    head = ["shape", "server", "articles/s min / median / max", "ack p50 us", "p99 us",
            "server us", "client us", "other %", "steal %", "PSS MB", "anon MB", "disk B/B", "quiet rounds"]
    lines = []
    for (shape, server), group in by_shape(rows).items():
        quiet, word = quiet_of(group, limit)
        lines.append([shape, server, spread(r["rate"] for r in quiet),
                      *("%.0f" % middle(quiet, k) for k in ("ack_p50_us", "ack_p99_us")),
                      *("%.1f" % middle(quiet, k) for k in ("server_us", "client_us")),
                      *("%.0f" % middle(quiet, k) for k in ("other_pct", "steal_pct", "memory_mb", "anonymous_mb")),
                      "%.2f" % middle(quiet, "disk_ratio"), word])
    return table(head, lines)


def rounds_of(rows, limit):
    """{shape: {round: {server: row}}}, of quiet rows."""
    shapes = collections.OrderedDict()
    for row in rows:
        if is_quiet(row, limit):
            shapes.setdefault(row["shape"], {}).setdefault(row["round"], {})[row["server"]] = row
    return shapes


def ratios(rounds, key, ours, better_is_less):
    """Ours against the best durable peer, and against Redis, of each round; above 1: better."""
    best, redis = [], []
    for servers in rounds.values():
        peers = [servers[p][key] for p in DURABLE_PEERS if p in servers]
        if ours not in servers or not peers:
            continue
        mine = servers[ours][key]
        if len(peers) == len(DURABLE_PEERS):
            best.append(min(peers) / mine if better_is_less else mine / max(peers))
        if "redis" in servers:
            other = servers["redis"][key]
            redis.append(other / mine if better_is_less else mine / other)
    return best, redis


def ratio_table(rows, limit):
    head = ["shape", "of", "ours / best durable peer", "rounds", "ours / Redis", "rounds "]
    lines = []
    for shape, rounds in rounds_of(rows, limit).items():
        keys = [("articles/s", "rate", False)]
        if " d1 " in shape + " ":
            keys = [("p50 (inverse)", "ack_p50_us", True), ("p99 (inverse)", "ack_p99_us", True)]
        if "followers" in shape:
            keys = [("deliveries/s", "deliveries_s", False)]
        for words, key, less in keys:
            best, redis = ratios(rounds, key, "wireroom", less)
            if best or redis:
                lines.append([shape, words, spread(best), len(best), spread(redis), len(redis)])
    return table(head, lines)


def follow_table(rows, limit):
    head = ["shape", "server", "deliveries/s min / median / max", "articles/s",
            "submit to last follower p50 us", "p99 us", "follower us/delivery", "quiet rounds"]
    lines = []
    for (shape, server), group in by_shape(rows).items():
        if not group[0]["followers"]:
            continue
        quiet, word = quiet_of(group, limit)
        lines.append([shape, server, spread(r["deliveries_s"] for r in quiet),
                      *("%.0f" % middle(quiet, k) for k in ("rate", "seen_p50_us", "seen_p99_us")),
                      "%.2f" % (middle(quiet, "follower_us") / group[0]["followers"]), word])
    return table(head, lines)


def stage_sum(row, threads):
    return sum(row["stages"].get(t, 0) for t in threads)


def stage_table(rows, limit):
    """CPU of our stages against the budget; batches and syncs."""
    shapes = [(shape, quiet_of(group, limit)[0]) for (shape, server), group in by_shape(rows).items()
              if server == "wireroom" and not group[0]["followers"]]
    head = ["us an article", "budget", *(shape for shape, _ in shapes)]
    lines = [[words, budget, *("%.1f" % statistics.median(stage_sum(r, threads) for r in rows)
                                        for _, rows in shapes)]
             for words, threads, budget in STAGES]
    known = [t for _, threads, _ in STAGES for t in threads]
    lines.append(["other threads", "", *("%.1f" % statistics.median(
        sum(us for t, us in r["stages"].items() if t not in known) for r in rows) for _, rows in shapes)])
    lines.append(["server, all", BUDGET_US, *("%.1f" % middle(rows, "server_us") for _, rows in shapes)])
    def each(words, value):
        lines.append([words, "", *(number(statistics.median(value(r) for r in rows)) for _, rows in shapes)])
    each("articles a log sync (batch)", lambda r: r["articles"] / max(1, r["syncs"]["log"]))
    each("log syncs for 1,000 articles", lambda r: 1000 * r["syncs"]["log"] / r["articles"])
    each("syncs for 1,000, all files", lambda r: 1000 * all_syncs(r) / r["articles"])
    each("checkpoint syncs of LMDB", lambda r: r["syncs"]["main"])
    each("log sync, mean us", lambda r: r["syncs"]["log_us"])
    return table(head, lines)


def all_syncs(row):
    return sum(count for part, count in row["syncs"].items() if not part.endswith("_us"))


def report(rows, limit):
    """Every table of a run, as text."""
    parts = ["## Articles\n\n" + main_table([r for r in rows if not r["followers"]], limit),
             "## Ratios of a round, min / median / max over rounds quiet on both sides; above 1: we are better\n\n"
             + ratio_table(rows, limit)]
    if any(r["followers"] for r in rows):
        parts.append("## Followers\n\n" + follow_table(rows, limit))
    if any(r["server"] == "wireroom" for r in rows):
        parts.append("## Where our CPU goes\n\n" + stage_table(rows, limit))
    return "\n\n".join(parts)


def growth_report(rows):
    head = ["articles", "articles/s", "server us", "d1 p50 us", "p99 us", "PSS MB", "anon MB", "disk MB",
            "disk B/article", "other %", "restart ms", "after kill -9 ms"]
    lines = [[r["total"], "%.0f" % r["rate"], "%.1f" % r["server_us"], "%.0f" % r["d1_p50_us"],
              "%.0f" % r["d1_p99_us"], "%.0f" % r["memory_mb"], "%.0f" % r["anonymous_mb"], "%.0f" % (r["disk_bytes"] / 1e6),
              "%.0f" % r["article_bytes"], "%.0f" % r["other_pct"],
              *("%.0f" % r[k] if k in r else "" for k in ("restart_ms", "killed_ms"))] for r in rows]
    return table(head, lines)
