"""What a formation holds of the machine, looked up without Muster's help."""

import glob
import hashlib
import os
import random
import signal
import sqlite3


class Machine:
    """The records, processes, links, mounts and rows of one state directory."""

    def __init__(self, state):
        self.state = state
        self.mounts_before = set(mounts())

    @property
    def prefix(self):
        """How the names of its containers begin."""
        with open(f"{self.state}/identity/controller") as file:
            controller = file.read().strip()[:8]
        return "m" + hashlib.sha256(controller.encode()).hexdigest()[:4]

    def groups(self):
        root = "/sys/fs/cgroup/pids" if os.path.isdir("/sys/fs/cgroup/pids") else "/sys/fs/cgroup"
        return [path for path in glob.glob(f"{root}/muster-{self.prefix}/*") if os.path.isdir(path)]

    def monitors(self):
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path) as file:
                    words = file.read().split("\0")
            except OSError:
                continue
            if words[0].endswith("conmon") and any(w.startswith(self.state + "/instances/") for w in words):
                found.append(path)
        return found

    def kill_some_dyno(self, chance: random.Random):
        """Kills the first process of a dyno, as the kernel's memory killer does. Returns its group."""
        groups = sorted(self.groups())
        if not groups:
            return None
        group = chance.choice(groups)
        try:
            with open(f"{group}/cgroup.procs") as file:
                processes = [int(line) for line in file]
            if processes:
                os.kill(min(processes), signal.SIGKILL)
        except (OSError, ValueError):
            return None  # it ended meanwhile
        return os.path.basename(group)

    def holds(self):
        """How many of each thing there are."""
        prefix = self.prefix
        return {
            "records": len(os.listdir(f"{self.state}/instances")),
            "groups": len(self.groups()),
            "monitors": len(self.monitors()),
            "links": len([name for name in os.listdir("/sys/class/net") if name.startswith(prefix)]),
            "mounts": len(set(mounts()) - self.mounts_before),
        }

    def rows(self):
        """How many rows each table has."""
        database = sqlite3.connect(f"file:{self.state}/muster.sqlite?mode=ro", uri=True, timeout=30)
        try:
            tables = [row[0] for row in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
            return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        finally:
            database.close()


def mounts():
    with open("/proc/self/mountinfo") as file:
        return [line.split()[4] for line in file]
