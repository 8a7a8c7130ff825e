"""Machines made of network namespaces, and the programs of Turnover on them.

A machine has a network of its own, linked to the manager's by a cable (veth) that can be cut, and a
host name of its own. Everything goes when the `with` block ends.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77


def run(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, **more)


def skip_unless_possible(program, code=SKIPPED):
    """Ends the script with a word, and `code`, where machines cannot be made."""
    if os.geteuid() != 0 and "TURNOVER_UNSHARED" not in os.environ:
        # Root in a namespace of our own will do, where the kernel lets us.
        inside = [sys.executable, *sys.argv]
        again = ["unshare", "--map-root-user", "--net", "--mount", "--", *inside]
        if shutil.which("unshare") and not subprocess.run(
            ["unshare", "--map-root-user", "--net", "--mount", "true"], capture_output=True
        ).returncode:
            os.environ["TURNOVER_UNSHARED"] = "1"
            os.execvp(again[0], again)
    try:
        if "TURNOVER_UNSHARED" in os.environ:
            run("mount", "-t", "tmpfs", "none", "/run")
        name = f"turnover-{os.getpid()}-try"
        run("ip", "netns", "add", name)
        run("ip", "netns", "del", name)
        run("unshare", "--uts", "--mount", "true")
        run("work_queue_worker", "--version")
    except (OSError, subprocess.CalledProcessError) as error:
        words = getattr(error, "stderr", None) or error
        print(f"skipped: machines of namespaces cannot be made here ({str(words).strip()})")
        sys.exit(code)
    engines = subprocess.run([program, "map", "--help"], capture_output=True, text=True).stdout
    tried = subprocess.run(
        [program, "manager", "/dev/null", "-o", "/dev/null/x"], capture_output=True, text=True
    )
    if "work-queue" not in engines or "this build" in tried.stderr:
        print("skipped: this build has no engine work-queue")
        sys.exit(code)


class Machines:
    """A manager's machine, and workers' machines around it: machines["a"], ..."""

    def __init__(self, names):
        self._prefix = f"turnover-{os.getpid()}"
        self._names = list(names)
        self.folder = Path(tempfile.mkdtemp(prefix="turnover-machines-"))
        self.processes = []

    def space(self, name):
        return f"{self._prefix}-{name}"

    def __enter__(self):
        try:
            self._lay_cables()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _lay_cables(self):
        lines = ["127.0.0.1 localhost manager"]
        lines += [f"10.77.{k}.2 {name}" for k, name in enumerate(self._names)]
        (self.folder / "hosts").write_text("\n".join(lines) + "\n")
        run("ip", "netns", "add", self.space("manager"))
        run("ip", "-n", self.space("manager"), "link", "set", "lo", "up")
        for k, name in enumerate(self._names):
            run("ip", "netns", "add", self.space(name))
            run("ip", "link", "add", f"to-{name}", "netns", self.space("manager"), "type", "veth",
                "peer", "name", "up", "netns", self.space(name))  # fmt: skip
            for space, link, end in (
                (self.space("manager"), f"to-{name}", 1),
                (self.space(name), "up", 2),
            ):
                run("ip", "-n", space, "addr", "add", f"10.77.{k}.{end}/24", "dev", link)
                run("ip", "-n", space, "link", "set", "dev", link, "up")

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for name in ["manager", *self._names]:
            subprocess.run(["ip", "netns", "del", self.space(name)], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def manager_address(self, name):
        """The manager as the machine `name` sees it."""
        return f"10.77.{self._names.index(name)}.1"

    def start(self, name, words, log, environment=None):
        """Starts a command on a machine, in a process group of its own."""
        # Without a name that can be resolved, a worker tells the manager random bytes for one.
        setup = 'hostname "$0" && mount --bind "$1" /etc/hosts && shift && exec "$@"'
        inside = ["sh", "-c", setup, name, str(self.folder / "hosts"), *words]
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.space(name), "unshare", "--uts", "--mount", "--", *inside],
            stdout=open(log, "ab"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})}, start_new_session=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def cut(self, name):
        run("ip", "-n", self.space("manager"), "link", "set", "dev", f"to-{name}", "down")

    def mend(self, name):
        run("ip", "-n", self.space("manager"), "link", "set", "dev", f"to-{name}", "up")


class Pool:
    """A map under way on machines: one manager, and workers whose points cost waiting."""

    def __init__(self, machines, program, solver, model, points):
        self.machines = machines
        self.program = program
        self.solver = solver
        self.folder = machines.folder / "out"
        self.log = machines.folder / "events"
        self.words = [
            program, "manager", model, "-o", self.folder, "--points", points, "--no-plot",
            "--port", "9123", "--password-file", machines.folder / "password",
            "--log-json", self.log,
        ]  # fmt: skip
        self.words = [str(word) for word in self.words]
        self.workers = []
        password = machines.folder / "password"
        password.touch(0o600)
        password.write_text("only these machines know\n")

    def start_manager(self):
        return self.machines.start(
            "manager", self.words, self.machines.folder / "manager.log",
            {"TURNOVER_SOLVER": str(self.solver)},
        )  # fmt: skip

    def start_worker(self, name, cores, wait, environment=None):
        """A worker whose points take `wait` seconds each."""
        number = len(self.workers) + 1
        workdir = self.machines.folder / f"work-{number}"
        workdir.mkdir()
        worker = self.machines.start(
            name,
            [self.program, "worker", f"{self.machines.manager_address(name)}:9123", "-j", str(cores),
             "--password-file", str(self.machines.folder / "password")],
            self.machines.folder / f"worker-{number}.log",
            {"TURNOVER_WAIT": str(wait), "TMPDIR": str(workdir), **(environment or {})},
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def events(self, kind=None):
        try:
            lines = self.log.read_text().splitlines()
        except FileNotFoundError:
            return []
        events = [json.loads(line) for line in lines]
        return [event for event in events if kind in (None, event["event"])]

    def wait_for(self, what, is_there, process, patience=120):
        """Waits until `is_there()`, as long as `process` lives."""
        deadline = time.monotonic() + patience
        while not is_there():
            if process.poll() is not None or time.monotonic() > deadline:
                manager = (self.machines.folder / "manager.log").read_text()
                raise AssertionError(f"waited in vain for {what}; the manager said:\n{manager}")
            time.sleep(0.02)

    def wait_for_points(self, share, process):
        """Waits until `share` of the map is done in this run of the manager."""

        def is_there():
            done = [event for event in self.events() if event["event"] in ("start", "progress")]
            return bool(done) and done[-1].get("done", 0) >= share * done[-1]["points"]

        self.wait_for(f"{share:.0%} of the points", is_there, process)
