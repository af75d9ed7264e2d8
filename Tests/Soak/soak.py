"""A soak of `muster serve`: weeks of work in fast motion, and a look at what is left of it.

Commits (good, bad, reverted, force-pushed), a remote that goes away, dynos that are killed, and orders from
a second terminal, all at random from one seed. At the end everything is put back as it was: then there must
be nothing to do, and the daemon and the machine must hold what they held at the beginning.
"""

import argparse
import collections
import os
import random
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
from daemon import Daemon
from machine import Machine
from repository import BAD, Repository

MEGABYTE = 1 << 20
# Seconds until everything that was put back has to be as it was.
PATIENCE = 180


class Soak:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="muster-soak.")
        self.chance = random.Random(options.seed)
        self.repository = Repository(self.folder, options.apps)
        self.daemon = Daemon(
            os.path.abspath(options.muster), self.folder, self.repository.url, options.runtime, options.poll)
        self.machine = Machine(self.daemon.state)
        self.codes = collections.Counter()
        self.did = collections.Counter()
        self.statuses = collections.Counter()
        self.refusals = collections.Counter()
        self.wrong = []
        self.over = threading.Event()

    # Phases.

    def run(self):
        try:
            self.daemon.await_answer()
            self.settle("from nothing")
            before = self.look()
            self.idle()
            if self.options.minutes:
                self.live()
                self.settle("after it all")
                self.compare(before, self.look())
                self.serves()
            self.stop()
        except TimeoutError as error:
            say(str(error))
        finally:
            self.clean_up()
        say(f"seed {self.options.seed}: " + ("; ".join(self.wrong) if self.wrong else "nothing is wrong"))
        return 1 if self.wrong else 0

    def live(self):
        """The weeks: three people and their visitors at once until the time is over."""
        people = [threading.Thread(target=self.repeat, args=words) for words in (
            (self.commit, self.options.minutes * 60 / self.options.commits, 1),
            (self.kill, 2.0, 2),
            (self.order, 1.5, 3),
            *((self.visit, 0.1, 4 + number) for number in range(4)),
        )]
        for person in people:
            person.start()
        began, next_line = time.monotonic(), 0
        while time.monotonic() - began < self.options.minutes * 60 and self.daemon.process.poll() is None:
            if time.monotonic() - began >= next_line:
                self.progress(time.monotonic() - began)
                next_line += max(30, self.options.minutes * 3)
            time.sleep(1)
        self.over.set()
        for person in people:
            person.join()
        self.claim("serve runs", self.daemon.process.poll() is None)
        say("done: " + ", ".join(f"{count} {name}" for name, count in sorted(self.did.items())))
        say("visitors got: " + ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items())))
        say("exit codes: " + ", ".join(f"{words} {code}: {count}"
                                       for (words, code), count in sorted(self.codes.items())))
        for words, count in sorted(self.refusals.items()):
            say(f"refused {count} times: {words}")

    def settle(self, when):
        """Puts everything back as it was at first, consents to all, and waits for `No changes`."""
        for name in self.repository.names:
            self.repository.settle(name)
        if self.repository.git("status", "--porcelain"):
            self.repository.push("As it was at first", force=True)
        # Orders of the last moments may still be under way: asked again, there is nothing to resume.
        self.daemon.call("resume", "--all-apps")
        began = time.monotonic()
        while True:
            for hold in self.daemon.holds():
                self.daemon.call("confirm", hold)
            answer = self.daemon.call("plan")
            if answer.code == 0 and f"matches {self.repository.head[:7]}" in answer.output:
                break
            if time.monotonic() - began > PATIENCE:
                self.wrong.append(f"{when}: no `No changes` within {PATIENCE} s")
                raise TimeoutError(str(answer))
            time.sleep(0.5)
        say(f"{when}: {answer.output.strip()} ({time.monotonic() - began:.1f} s)")

    def idle(self):
        """What it costs when nothing happens. Most of it is polling: git is asked each time."""
        began, before = time.monotonic(), self.daemon.takes()
        self.over.wait(self.options.idle)
        after, span = self.daemon.takes(), time.monotonic() - began
        share = (after["seconds"] - before["seconds"]) / span
        say(f"idle, polling every {self.options.poll}: {share:.2%} of a core, {after['rss'] / MEGABYTE:.0f} MB")

    def stop(self):
        self.claim("serve ends with 0", self.daemon.end() == 0)
        self.claim("dynos run on", len(self.machine.groups()) == self.look()["groups"])

    # What people do.

    def repeat(self, act, pause, salt):
        chance = random.Random(self.options.seed * 10 + salt)
        while not self.over.is_set():
            began = time.monotonic()
            try:
                act(chance)
            except Exception as error:
                self.wrong.append(f"{act.__name__}: {error}")
            self.over.wait(max(0.05, pause * chance.uniform(0.5, 1.5) - (time.monotonic() - began)))

    def commit(self, chance):
        repository, name = self.repository, chance.choice(self.repository.names)
        force = False
        kind = chance.choices(
            ["scale", "config", "slug", "bad", "crash", "mend", "remove", "rewind", "gone"],
            [22, 18, 12, 10, 6, 18, 4, 6, 2])[0]
        if kind == "scale":
            repository.define(name, web=chance.randint(0, 2), worker=chance.randint(0, 3))
        elif kind == "config":
            repository.define(name, greeting=f"hello-{chance.randint(1, 99)}")
        elif kind == "slug":
            repository.write(f"apps/{name}/index.html", f"{name} {chance.random()}\n")
        elif kind == "bad":
            repository.spoil(name, chance.choice(sorted(BAD)))
        elif kind == "crash":
            repository.define(name, command="exit 3")
        elif kind == "mend":
            for other in chance.sample(repository.names, 5):
                repository.settle(other)
        elif kind == "remove":
            repository.remove(name)
        elif kind == "rewind":
            repository.rewind(chance.randint(1, 4))
            force = True
        if kind == "gone":
            repository.hide()
            self.over.wait(chance.uniform(2, 8))
            repository.show()
        else:
            repository.push(f"{kind} {name}", force)
        self.did[f"commits ({kind})" if kind != "gone" else "times the remote was gone"] += 1

    def kill(self, chance):
        if self.options.runtime == "embedded" and self.machine.kill_some_dyno(chance):
            self.did["dynos killed"] += 1

    def order(self, chance):
        app = chance.choice(self.repository.names)
        words = chance.choice([
            ["ps"], ["status"], ["why", app], ["events", app], ["holds"], ["plan"], ["metrics"],
            ["logs", app, "-n", "20"], ["restart", app], ["restart", f"{app}/worker"],
            ["scale", app, f"worker={chance.randint(0, 3)}"], ["stop", f"{app}/worker"],
            ["start", f"{app}/worker"], ["suspend", app], ["resume", app], ["resume", app],
            ["retry", app], ["maintenance", app, chance.choice(["on", "off"])], ["gc"], ["confirm"],
            ["confirm"],
        ])
        if words == ["confirm"]:
            words += self.daemon.holds()[:3]
            if len(words) == 1:
                return
        answer = self.daemon.call(*words)
        self.codes[(words[0], answer.code)] += 1
        if answer.code == 2:
            self.refusals[answer.errors.replace(app, "APP").strip() or answer.output[:200]] += 1
        # An app may have left git meanwhile, and a hold may be gone: that is an answer (1 or 2), too.
        if answer.code not in (0, 1, 2, 3, 4) or "rror:" in answer.errors and "sqlite" in answer.errors.lower():
            self.wrong.append(str(answer))

    def visit(self, chance):
        """Asks for a page. Whatever becomes of the dynos, the router takes and answers the request."""
        if self.options.runtime == "embedded":
            self.statuses[self.daemon.visit(chance.choice(self.repository.names))] += 1

    # What is looked at.

    def look(self):
        """What daemon and machine hold, when what was stopped has been torn down."""
        expected = 2 * len(self.repository.names)
        deadline = time.monotonic() + 30
        while True:
            held = self.machine.holds() if self.options.runtime == "embedded" else {"groups": 0}
            if self.options.runtime != "embedded" or time.monotonic() > deadline:
                break
            if all(held[name] == expected for name in ("records", "groups", "monitors", "links")):
                break
            time.sleep(0.5)
        if self.daemon.process.poll() is None:
            held.update(self.daemon.takes())
        held["rows"] = self.machine.rows()
        return held

    def compare(self, before, after):
        for name in ("records", "groups", "monitors", "links", "mounts", "children"):
            if name in before:
                self.claim(f"{name}: {before[name]}, then {after[name]}", after[name] == before[name])
        # Pools of threads and their descriptors grow to their bound, once.
        for name in ("descriptors", "threads"):
            self.claim(f"{name}: {before[name]}, then {after[name]}", after[name] <= before[name] + 8)
        self.claim(
            f"memory: {before['rss'] / MEGABYTE:.0f} MB, then {after['rss'] / MEGABYTE:.0f} MB",
            after["rss"] <= before["rss"] + 24 * MEGABYTE)
        for table, count in after["rows"].items():
            bound = 50_000 if table == "events" else 12 * 2 * len(self.repository.names)
            self.claim(f"rows of {table}: {before['rows'].get(table, 0)}, then {count}", count <= bound)

    def claim(self, words, is_true):
        say(("ok     " if is_true else "WRONG  ") + words)
        if not is_true:
            self.wrong.append(words)

    def serves(self):
        """Every app answers through the router."""
        if self.options.runtime != "embedded":
            return
        wrong = [name for name in self.repository.names if self.daemon.visit(name) != 200]
        self.claim(f"every app answers, but {wrong}" if wrong else "every app answers", not wrong)

    def progress(self, seconds):
        takes = self.daemon.takes()
        say(f"{seconds / 60:5.1f} min: {self.repository.commits} commits, {self.did['dynos killed']} kills, "
            f"{takes['rss'] / MEGABYTE:.0f} MB, {takes['descriptors']} descriptors, "
            f"{takes['threads']} threads, {takes['seconds']:.0f} s of processor time")

    def clean_up(self):
        """Takes everything away, by Muster's own means: every app leaves git, and somebody consents."""
        self.over.set()
        if self.daemon.process.poll() is None:
            self.daemon.end()
        for name in self.repository.names[1:]:
            self.repository.remove(name)
        self.repository.define(self.repository.names[0], web=0, worker=0)
        self.repository.push("The end", force=True)
        self.daemon.environment["MUSTER_ROUTER"] = "off"
        answer = self.daemon.call("reconcile", limit=600)
        while answer.code == 3 and self.daemon.holds():
            self.daemon.call("resume", "--all-apps")
            answer = self.daemon.call("confirm", *self.daemon.holds(), limit=600)
        if self.options.runtime == "embedded" and self.machine.groups():
            self.wrong.append(f"dynos were left behind: {answer}")
        if self.wrong:
            say(f"kept for a look: {self.folder}")
        else:
            shutil.rmtree(self.folder)


def say(line):
    print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--muster", required=True, help="the executable")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--commits", type=int, default=500, help="about how many, over all minutes")
    parser.add_argument("--apps", type=int, default=40)
    parser.add_argument("--idle", type=float, default=30, help="seconds in which nothing happens")
    parser.add_argument("--poll", default="1s", help="what `muster serve --poll` is given")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--runtime", choices=["embedded", "simulated"], default="embedded")
    sys.exit(Soak(parser.parse_args()).run())


main()
