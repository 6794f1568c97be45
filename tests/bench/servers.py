"""The servers of the benchmark: each is started on 127.0.0.1 from an empty directory, and
stopped by the pid it was started with. What they share: durable before they answer."""
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import time

HOUSE = pathlib.Path(__file__).resolve().parents[2]
BUILD = HOUSE / "build" / "bench"
STOP_SECONDS = 30


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, process, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("it ended with %d" % process.returncode)
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("port %d never opened" % port)


class Server:
    """One server. A subclass says how it is started; `with` starts and stops it."""

    name = speaker = ""
    user = None  # runs as, when we are root
    packages = ()
    stop_signal = signal.SIGTERM

    def __init__(self, room):
        self.data = pathlib.Path(room) / self.name
        self.output = pathlib.Path(room) / (self.name + ".txt")
        self.processes = []

    def __enter__(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir()
        if self.user and os.geteuid() == 0:
            shutil.chown(self.data, self.user, self.user)
        os.sync()
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            end(process, self.stop_signal)
        self.processes.clear()
        shutil.rmtree(self.data, ignore_errors=True)
        os.sync()  # what deleting costs is not the next one's

    def start(self):
        raise NotImplementedError

    def run(self, *command, env=None):
        """Starts a process that lives until the end; the last one is the server."""
        user = self.user if os.geteuid() == 0 else None
        with open(self.output, "ab") as output:
            process = subprocess.Popen(
                [str(c) for c in command], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, cwd=self.data, env={**os.environ, **(env or {})}, user=user,
                group=user, extra_groups=[] if user else None, start_new_session=True)
        self.processes.append(process)
        return process

    @property
    def pid(self):
        return self.processes[-1].pid

    @property
    def load_arguments(self):
        return []

    def disk_bytes(self):
        total = 0
        for folder, _, names in os.walk(self.data):
            for name in names:
                try:
                    total += os.lstat(os.path.join(folder, name)).st_blocks * 512
                except FileNotFoundError:
                    continue  # a peer's journal that was there a moment ago
        return total


def end(process, how):
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Wireroom(Server):
    """Default settings; tcp like the peers, unless ipc is asked for."""

    name = speaker = "wireroom"
    transport = "tcp"

    def start(self):
        self.syncs = self.data / "syncs"
        self.syncs.write_bytes(bytes(4096))
        if self.transport == "ipc":
            places = ["ipc://%s/%s.sock" % (self.data, s) for s in ("submit", "feed")]
        else:
            places = ["tcp://127.0.0.1:%d" % free_port() for _ in range(2)]
        self.endpoint, self.feed = places
        self.begin()

    def begin(self):
        """Starts the daemon on the store as it is."""
        self.run(BUILD / "daemon" / "wireroomd", "--open",
                 "--set", "store.path=%s/store" % self.data,
                 "--set", "listen.submit=" + self.endpoint, "--set", "listen.feed=" + self.feed,
                 *[part for s in ("query", "notice", "admin") for part in ("--set", "listen.%s=" % s)],
                 env={"LD_PRELOAD": str(BUILD / "tests" / "bench" / "syncs.so"),
                      "BENCH_SYNCS": str(self.syncs)})

    def halt(self, how):
        end(self.processes.pop(), how)

    def log_syncs(self):
        """How often the log was synced, as syncs.so counts it."""
        return struct.unpack("=Q", self.syncs.read_bytes()[:8])[0]

    @property
    def load_arguments(self):
        return ["--feed", self.feed, "--syncs", str(self.syncs), "--patience", "10000"]


class WireroomIpc(Wireroom):
    name = "wireroom-ipc"
    transport = "ipc"


class WireroomHtml(Wireroom):
    name = "wireroom-html"

    @property
    def load_arguments(self):
        return super().load_arguments + ["--html"]


class Peer(Server):
    def start(self):
        self.port = free_port()
        self.endpoint = "tcp://127.0.0.1:%d" % self.port
        self.begin()
        wait_for_port(self.port, self.processes[-1])

    def begin(self):
        raise NotImplementedError


class Redis(Peer):
    """A stream and a key an article, by a script; the append-only file synced always."""

    name = speaker = "redis"
    user = "redis"
    packages = ("redis-server",)

    def begin(self):
        self.run("redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", self.data,
                 "--save", "", "--appendonly", "yes", "--appendfsync", "always",
                 "--auto-aof-rewrite-percentage", "0", "--daemonize", "no")


class Postgres(Peer):
    """Pipelined inserts, a commit for each half window (64 rows at most)."""

    name = speaker = "postgres"
    user = "postgres"
    packages = ("postgresql-15",)
    stop_signal = signal.SIGINT  # fast: it does not wait for clients

    def begin(self):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        if self.run(programs / "initdb", "-D", self.data / "pg", "-U", "bench", "-A", "trust").wait():
            raise RuntimeError("initdb failed: see " + str(self.output))
        self.processes.clear()
        settings = ["max_connections=250", "listen_addresses=127.0.0.1", "unix_socket_directories=",
                    "default_toast_compression=lz4", "wal_sync_method=fdatasync"]
        self.run(programs / "postgres", "-D", self.data / "pg", "-p", self.port,
                 *[part for s in settings for part in ("-c", s)])


class Rabbit(Peer):
    """A quorum queue on one node, publisher confirms."""

    name = speaker = "rabbitmq"
    user = "rabbitmq"
    packages = ("rabbitmq-server",)

    def begin(self):
        mapper, traffic = free_port(), free_port()
        (self.data / "rabbitmq.conf").write_text(
            "listeners.tcp.default = 127.0.0.1:%d\n"
            "disk_free_limit.absolute = 100MB\n"
            "vm_memory_high_watermark.relative = 0.6\n" % self.port)
        (self.data / "plugins").write_text("[].\n")
        self.run("epmd", "-address", "127.0.0.1", "-port", mapper)
        wait_for_port(mapper, self.processes[-1])
        self.run("/usr/lib/rabbitmq/bin/rabbitmq-server", env={
            "HOME": str(self.data), "LANG": "C.UTF-8",
            "RUNNING_UNDER_SYSTEMD": "yes",  # the script gives way to the server: one pid
            "RABBITMQ_NODENAME": "bench@localhost",
            "RABBITMQ_MNESIA_BASE": str(self.data / "m"),
            "RABBITMQ_LOG_BASE": str(self.data / "l"),
            "RABBITMQ_CONFIG_FILE": str(self.data / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.data / "plugins"),
            "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": str(mapper),
            "RABBITMQ_DIST_PORT": str(traffic),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}"})


def missing(packages):
    """Those of the packages whose programs are not there."""
    found = {"redis-server": shutil.which("redis-server"), "rabbitmq-server": shutil.which("epmd"),
             "postgresql-15": any(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))}
    return [p for p in packages if not found[p]]


def install(packages):
    """Installs peers without letting any of them start as a service, now or at boot."""
    cluster = pathlib.Path("/etc/postgresql-common/createcluster.conf")
    policy = pathlib.Path("/usr/sbin/policy-rc.d")
    own_policy = not policy.exists()
    if not cluster.exists():
        cluster.parent.mkdir(parents=True, exist_ok=True)
        cluster.write_text("create_main_cluster = false\n")
    if own_policy:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
                       check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if shutil.which("systemctl"):
            services = [p.removesuffix("-15") for p in packages]
            subprocess.run(["systemctl", "disable", "-q", *services], check=False)
    finally:
        if own_policy:
            policy.unlink()
