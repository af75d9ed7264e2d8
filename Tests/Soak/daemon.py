"""`muster serve` under the soak, and the commands that people type beside it."""

import http.client
import json
import os
import re
import socket
import subprocess
import time


class Answer:
    def __init__(self, words, code, output, errors):
        self.words, self.code, self.output, self.errors = words, code, output, errors

    def __str__(self):
        return f"muster {' '.join(self.words)}: {self.code}\n{self.output}{self.errors}"


class Daemon:
    """One `muster serve`, and what it takes of the machine."""

    def __init__(self, muster, folder, url, runtime, poll):
        self.muster, self.folder = muster, folder
        self.state = os.path.join(folder, "state")
        os.makedirs(self.state, exist_ok=True)
        self.port = free_port()
        self.environment = dict(
            os.environ, MUSTER_STATE=self.state, MUSTER_RUNTIME=runtime, MUSTER_ROUTER=f"127.0.0.1:{self.port}")
        self.log = os.path.join(folder, "serve.log")
        self.process = subprocess.Popen(
            [muster, "serve", "--repo", url, "--ref", "main", "--poll", poll, "--log-form", "json"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.log, "ab"), cwd="/")

    def call(self, *words, limit=120):
        done = subprocess.run(
            [self.muster, *words], env=self.environment, capture_output=True, text=True, timeout=limit,
            stdin=subprocess.DEVNULL, cwd="/")
        return Answer(words, done.returncode, done.stdout, done.stderr)

    def read(self, *words):
        """What a command prints as JSON; None where it has no answer."""
        answer = self.call(*words, "--format", "json")
        return json.loads(answer.output) if answer.output.startswith("{") else None

    def await_answer(self, limit=60):
        """Waits until the daemon takes calls."""
        deadline = time.monotonic() + limit
        while self.call("ps").code != 0:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("serve does not answer:\n" + open(self.log).read()[-2000:])
            time.sleep(0.2)

    def holds(self):
        answer = self.read("holds")
        return [hold["id"] for hold in answer["holds"]] if answer else []

    def end(self):
        self.process.terminate()
        return self.process.wait(60)

    def visit(self, app, limit=90):
        """The status that a visitor of the app gets from the router. Fails when nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
        try:
            connection.request("GET", "/", headers={"Host": f"{app}.localhost"})
            return connection.getresponse().status
        finally:
            connection.close()

    # What it takes.

    def takes(self):
        """Bytes, descriptors, threads, children and seconds of processor time, of the daemon alone."""
        pid = self.process.pid
        with open(f"/proc/{pid}/status") as file:
            status = dict(re.findall(r"^(\w+):\s+(\d+)", file.read(), re.M))
        with open(f"/proc/{pid}/stat") as file:
            stat = file.read().rsplit(")", 1)[1].split()
        ticks = int(stat[11]) + int(stat[12])
        return {
            "rss": int(status["VmRSS"]) * 1024,
            "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
            "threads": int(status["Threads"]),
            "children": len(subprocess.run(
                ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True).stdout.split()),
            "seconds": ticks / os.sysconf("SC_CLK_TCK"),
        }


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
