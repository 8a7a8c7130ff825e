#!/usr/bin/env python3
"""Real computing by two workers of one core each, against the engine threads on two cores of the
same machine, in turns.

Timed is the map alone: by threads from the start, by workers from when both are there, until the
last result is stored. Prints medians and their ratio, and writes them as JSON.

Usage: computing.py PROGRAM MODEL POINTS REPEAT RESULTS.json
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

CORES = 2


def events_in(log):
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def seconds(event):
    return datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def by_threads(program, model, points, folder):
    log = folder / "threads.log"
    subprocess.run(
        [program, "map", model, "-o", folder / "threads", "--points", points, "--no-plot", "-q",
         "-j", str(CORES), "--log-json", log, "--fresh"],
        check=True,
    )  # fmt: skip
    return next(e["seconds"] for e in events_in(log) if e["event"] == "end")


def by_workers(program, model, points, folder):
    log, password = folder / "workers.log", folder / "password"
    password.touch(0o600)
    password.write_text("only for this benchmark\n")
    manager = subprocess.Popen(
        [program, "manager", model, "-o", folder / "workers", "--points", points, "--no-plot", "-q",
         "--port", "0", "--password-file", password, "--log-json", log, "--fresh"],
    )  # fmt: skip
    while not (notices := [e for e in events_in(log) if e["event"] == "notice"]):
        if manager.poll() is not None:
            sys.exit("the manager ended before it listened")
        time.sleep(0.02)
    port = notices[0]["message"].split(":")[2].split()[0]
    workers = [
        subprocess.Popen(
            [program, "worker", f"localhost:{port}", "-j", "1", "--password-file", password],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(CORES)
    ]  # fmt: skip
    code = manager.wait()
    for worker in workers:
        worker.wait()
    if code != 0:
        sys.exit(f"the manager ended with {code}")
    events = events_in(log)
    crew = next(e for e in events if e["event"] == "crew" and e["cores"] == CORES)
    return seconds(next(e for e in events if e["event"] == "end")) - seconds(crew)


def main():
    program, model, points, repeat, results = sys.argv[1:]
    times = {by_threads: [], by_workers: []}
    for _ in range(int(repeat)):
        for way, took in times.items():
            with tempfile.TemporaryDirectory() as folder:
                took.append(way(program, model, points, Path(folder)))
    threads, workers = (statistics.median(took) for took in times.values())
    Path(results).parent.mkdir(parents=True, exist_ok=True)
    figures = {"threads": times[by_threads], "workers": times[by_workers]}
    Path(results).write_text(json.dumps(figures) + "\n")
    print(
        f"{Path(model).parent.name}, {points} points, medians of {repeat}: threads {threads:.2f} s, "
        f"two workers {workers:.2f} s: {100 * threads / workers:.1f} % of the speed of threads"
    )


if __name__ == "__main__":
    main()
