#!/usr/bin/env python3
"""Measures what a result costs the manager, and how real runs with waiting cores go.

Usage: measure.py BUILD_DIR FIGURES.json

Runs for about three minutes, on two cores or more. Without mpirun or without Work Queue the parts
that need them are left out.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Small results and large ones.
SMALL, LARGE = (ROOT / "examples" / name / "model.yaml" for name in ("01_co_oxidation", "04_species_energies"))
PORT = 9533


def waiting_tiles(program, folder, ranks, points, tiles, seconds, model=SMALL):
    command = ["mpirun", "-q", "--oversubscribe", "--bind-to", "none", "-n", ranks]
    command += [program, model, points, tiles, seconds, folder]
    environment = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(
        [str(word) for word in command], env={**os.environ, **environment},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {"model": model.parent.name, **json.loads(done.stdout)}


def queue_tasks(program, folder, workers, cores_each, tasks, seconds, size):
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [program, PORT, workers * cores_each, tasks, seconds, size]
    manager = subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, text=True, env=environment
    )
    options = f"--cores {cores_each} --memory 1000 --disk 1000 --timeout 60 --single-shot".split()
    crew = [
        subprocess.Popen(
            ["work_queue_worker", "localhost", str(PORT), *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        )
        for _ in range(workers)
    ]  # fmt: skip
    try:
        return json.loads(manager.communicate(timeout=120)[0])
    finally:
        for process in [manager, *crew]:
            process.kill()
            process.wait()


def best(runs):
    """The fastest of runs of one kind: whatever else the machine does slows the others down."""
    return min(runs, key=lambda run: run["seconds"])


def fit(rows):
    """Least squares of relative errors for cost = a + b * size over `rows` of (size, cost): a, b."""
    s = [[0.0, 0.0], [0.0, 0.0]]
    r = [0.0, 0.0]
    for size, cost in rows:
        x = (1.0 / cost, size / cost)
        for i in range(2):
            r[i] += x[i]
            for j in range(2):
                s[i][j] += x[i] * x[j]
    det = s[0][0] * s[1][1] - s[0][1] * s[1][0]
    return (s[1][1] * r[0] - s[0][1] * r[1]) / det, (s[0][0] * r[1] - s[1][0] * r[0]) / det


def measure_mpi(program, folder):
    # Ranks that answer at once keep the leader at work, so that its processor time is what
    # results cost it and nothing else.
    costs = [
        waiting_tiles(program, folder, 6, points, tiles, 0, model)
        for model in (SMALL, LARGE)
        for points, tiles in ((1, 20000), (32, 20000), (128, 10000), (512, 4000), (2048, 1500))
    ]
    rows = [(run["bytes_a_tile"], run["leader_cpu_seconds"] / run["tiles"]) for run in costs]
    block, byte = fit(rows)
    # A core alone with its leader: what a block costs it beside the wait.
    alone = best([waiting_tiles(program, folder, 2, 64, 1000, 0.005) for _ in range(3)])
    core = alone["seconds"] * alone["processes"] / alone["tiles"] - alone["seconds_a_tile"]
    # No more blocks a second than two cores can also answer.
    checks = [
        best([waiting_tiles(program, folder, ranks, points, int(2 * ranks / seconds), seconds)
              for _ in range(3)])
        for ranks, points, seconds in (
            (4, 64, 0.002), (16, 64, 0.01), (16, 64, 0.004), (64, 64, 0.05), (64, 64, 0.02),
            (16, 2048, 0.02), (16, 2048, 0.008), (32, 2048, 0.008),
        )
    ]  # fmt: skip
    return {"block": block, "byte": byte, "core": core, "costs": costs, "checks": checks}


def measure_queue(program, folder):
    costs = [
        queue_tasks(program, folder, 2, 16, 600, 0.5, size) for size in (100, 30_000, 1_000_000)
    ]
    rows = [(run["bytes_a_task"], run["manager_cpu_seconds"] / run["tasks"]) for run in costs]
    block, byte = fit(rows)
    checks = [
        queue_tasks(program, folder, workers, 16, 16 * workers * blocks, seconds, 10_000)
        for workers, blocks, seconds in ((1, 20, 0.5), (2, 10, 1), (4, 10, 1), (4, 4, 4))
    ]
    first = checks[1]
    core = first["seconds"] * first["cores"] / first["tasks"] - first["seconds_a_task"]
    return {"block": block, "byte": byte, "core": core, "costs": costs, "checks": checks}


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return "unknown"


def main():
    build, results = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    figures = {
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    with tempfile.TemporaryDirectory() as folder:
        waiting, queue = build / "bench" / "waiting_tiles", build / "bench" / "queue_tasks"
        if waiting.exists() and shutil.which("mpirun"):
            figures["mpi"] = measure_mpi(waiting, folder)
        if queue.exists() and shutil.which("work_queue_worker"):
            figures["work_queue"] = measure_queue(queue, folder)
    figures["load_after"] = os.getloadavg()[0]
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
