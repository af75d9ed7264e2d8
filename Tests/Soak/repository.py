"""The repository of the soak: good, bad, reverted and force-pushed commits, and a remote that goes away."""

import os
import shutil
import subprocess

APP = """stack: busybox
env:
  GREETING: {greeting}
formation:
  web: {{quantity: {web}}}
  worker: {{quantity: {worker}, min_healthy: 1s}}
"""

PROCFILE = """web: exec httpd -f -p $PORT -h /app
worker: {command}
"""

PLATFORM = """deletion:
  budget: {apps: 2, dynos: 10%}
"""

BAD = {
    "unknown key": "formation:\n  web: {quantty: 1}\n",
    "syntax": "formation: [\n",
    "unknown size": "stack: busybox\nformation:\n  web: {quantity: 1, size: enormous, command: sh}\n",
    "conflict": "<<<<<<< HEAD\nstack: busybox\n=======\nstack: debian-12\n>>>>>>> topic\n",
}


class Repository:
    """A bare repository that Muster reads through file://, and a clone in which somebody works."""

    def __init__(self, folder, apps):
        self.remote = os.path.join(folder, "remote.git")
        self.clone = os.path.join(folder, "clone")
        self.names = [f"app-{n:02}" for n in range(1, apps + 1)]
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.remote], check=True)
        subprocess.run(["git", "clone", "-q", self.remote, self.clone], check=True, stderr=subprocess.DEVNULL)
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.git("checkout", "-q", "-B", "main")
        self.write("platform.yaml", PLATFORM)
        self.commits = 0
        for name in self.names:
            self.settle(name)
        self.push("All apps")

    @property
    def url(self):
        return "file://" + self.remote

    @property
    def head(self):
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *words):
        done = subprocess.run(["git", "-C", self.clone, *words], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"git {' '.join(words)}: {done.stderr}")
        return done.stdout

    def write(self, path, text):
        path = os.path.join(self.clone, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def push(self, message, force=False):
        """Commits what was written, and pushes it; how many commits there were is counted."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.git("push", "-q", *(["--force"] if force else []), "origin", "main")
        self.commits += 1

    # What somebody may do to an app. Each leaves the change in the clone, uncommitted.

    def settle(self, name):
        """The app as it is at the beginning and at the end."""
        self.define(name)
        self.write(f"apps/{name}/index.html", f"{name}\n")

    def define(self, name, web=1, worker=1, greeting="hello", command="exec sleep 86400"):
        self.write(f"apps/{name}/app.yaml", APP.format(greeting=greeting, web=web, worker=worker))
        self.write(f"apps/{name}/Procfile", PROCFILE.format(command=command))

    def spoil(self, name, kind):
        self.write(f"apps/{name}/app.yaml", BAD[kind])

    def remove(self, name):
        shutil.rmtree(os.path.join(self.clone, "apps", name), ignore_errors=True)

    def rewind(self, count):
        """Goes back some commits, as somebody who amends history does; the next push is forced."""
        if int(self.git("rev-list", "--count", "HEAD")) > count + 1:
            self.git("reset", "-q", "--hard", f"HEAD~{count}")

    def hide(self):
        os.rename(self.remote, self.remote + ".gone")

    def show(self):
        os.rename(self.remote + ".gone", self.remote)
