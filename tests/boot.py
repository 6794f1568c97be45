#!/usr/bin/env python3
"""The unit in a Debian of its own, booted with systemd as PID 1: ready, killed and restarted
by kill -9 and by the watchdog, stopped cleanly; every receipt is answered again after each.

    boot.py BUILD TREE        BUILD, whose prefix is /usr, is installed into TREE, which is
                              made by debootstrap unless it is there (root; a minute and
                              300 MB the first time)

Exit 0: all as it should be; 77: this machine can't do it, and why.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ("systemd,systemd-sysv,dbus,libzmq5,libmsgpackc2,liblmdb0,libsodium23,libxxhash0,liblz4-1,libzstd1,"
            "libutf8proc2,libfyaml0,libseccomp2,libsystemd0,libuchardet0,libxml2,libcld2-0,libstdc++6")
ADDRESS = "ipc:///run/wireroom/submit.sock"
PATIENCE = 120.0
STORY = {"uri": "boot:1", "headline": "It boots", "body_text": "And it stays up, whatever is done to it."}


def can_not(why):
    print(why)
    sys.exit(77)


def mirror():
    """Where this machine has its own packages from."""
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"],
                             capture_output=True, text=True).stdout
    found = re.search(r"^(\S+) bookworm$", targets, re.M)
    return found.group(1) if found else can_not("no package source for Debian 12 here")


def make_tree(tree):
    if not (tree / "usr/lib/systemd/systemd").exists():
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", "--include=" + PACKAGES, "bookworm", str(tree), mirror()],
                       check=True, stdout=subprocess.DEVNULL)
    for old in ("var/lib/wireroom", "var/log/journal", "etc/wireroom"):
        shutil.rmtree(tree / old, ignore_errors=True)


def install(build, tree):
    subprocess.run(["cmake", "--install", build], check=True,
                   env={**os.environ, "DESTDIR": str(tree)}, stdout=subprocess.DEVNULL)
    for word in (["systemd-sysusers"], ["ldconfig"], ["systemctl", "enable", "wireroomd"]):
        subprocess.run(["chroot", str(tree), *word], check=True, stderr=subprocess.DEVNULL)


class Machine:
    """What runs in the booted tree is reached by its PID 1's namespaces."""

    def __init__(self, tree):
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--register=no", "--keep-unit", "--private-network", "--boot", "--console=pipe",
             "-D", str(tree)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.first = until("systemd is PID 1", self.find_first)

    def find_first(self):
        assert self.nspawn.poll() is None, "systemd-nspawn ended with %s" % self.nspawn.returncode
        children = pathlib.Path("/proc/%d/task/%d/children" % (self.nspawn.pid, self.nspawn.pid)).read_text().split()
        return children[0] if children else None

    def run(self, *words, input=None):
        return subprocess.run(["nsenter", "-t", self.first, "-m", "-u", "-i", "-n", "-p", "-C", *words],
                              capture_output=True, text=True, input=input)

    def show(self, name):
        return self.run("systemctl", "show", "-p", name, "--value", "wireroomd").stdout.strip()

    def ask(self, *words, input=None):
        return self.run("wireroom", "-s", ADDRESS, "--timeout", "2s", *words, input=input)

    def ready(self, restarts):
        return (self.show("ActiveState") == "active" and int(self.show("NRestarts") or 0) == restarts
                and self.ask("ping").returncode == 0)

    def signal(self, name):
        self.run("sh", "-c", "kill -%s %s" % (name, self.show("MainPID")))

    def off(self):
        self.run("systemctl", "poweroff", "--force")
        try:
            self.nspawn.wait(30)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            print("ok  " + what, flush=True)
            return found
        time.sleep(0.2)  # between two looks; the condition decides
    raise AssertionError("not in %d s: %s" % (PATIENCE, what))


def receipt(machine):
    done = machine.ask("submit", "-S", "desk", "--format", "ninjs", "--id", "0" * 32, "-o", "ndjson", "-",
                       input=json.dumps(STORY))
    assert done.returncode == 0, done.stderr
    return done.stdout


def tell(machine):
    until("ready after boot", lambda: machine.ready(0))
    first = receipt(machine)
    assert json.loads(first)["outcome"] == "NEW", first
    machine.signal("KILL")
    until("restarted after kill -9", lambda: machine.ready(1))
    assert receipt(machine) == first
    machine.signal("STOP")
    until("killed by the watchdog and restarted", lambda: machine.ready(2))
    assert receipt(machine) == first
    machine.run("systemctl", "stop", "wireroomd")
    ended = [machine.show(name) for name in ("ActiveState", "Result", "ExecMainStatus")]
    assert ended == ["inactive", "success", "0"], ended
    print("ok  stopped cleanly")


def main(build, tree):
    for program in ("debootstrap", "systemd-nspawn", "nsenter"):
        if not shutil.which(program):
            can_not("no %s here" % program)
    if os.geteuid() != 0:
        can_not("a tree is made and booted by root alone")
    make_tree(tree)
    install(build, tree)
    machine = Machine(tree)
    try:
        tell(machine)
    except BaseException:
        print(machine.run("journalctl", "-u", "wireroomd", "--no-pager", "-n", "40").stdout)
        raise
    finally:
        machine.off()


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve())
