#!/usr/bin/env python3
"""A map computed by workers on other machines, to which something happens on the way, is byte for
byte that of the serial engine.

Usage: faults_test.py PROGRAM SOLVER MODEL CASE
"""

import os
import signal
import sys
import time
from pathlib import Path

import hosts

POINTS = "60x60"
WAIT = 0.012  # s a point
CORES = 4


def two_workers(pool, slowness=1):
    for name in ("a", "b"):
        pool.start_worker(name, CORES, slowness * WAIT)


def undisturbed(pool, manager):
    """Two workers, to the end."""
    two_workers(pool)


def joins_half_way(pool, manager):
    # Without the third they would take a minute.
    two_workers(pool, 10)
    pool.wait_for_points(0.03, manager)
    pool.start_worker("c", 3 * CORES, WAIT)
    pool.wait_for(
        "the third worker", lambda: any(e["workers"] == 3 for e in pool.events("crew")), manager
    )


def slow_worker(pool, manager):
    """One that is forty times slower, and holds up nobody."""
    pool.start_worker("c", CORES, 40 * WAIT)
    two_workers(pool)


def other_bits(pool, manager):
    """One on which the C library computes as on an older processor: it gets no work."""
    if " fma " not in Path("/proc/cpuinfo").read_text():
        return two_workers(pool)
    older = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"}
    pool.start_worker("c", CORES, WAIT, older)
    pool.wait_for(
        "the word on the processor",
        lambda: any("c gets no work: its arithmetic" in e["message"] for e in pool.events("notice")),
        manager,
    )
    two_workers(pool)


def worker_killed(pool, manager):
    two_workers(pool)
    pool.wait_for_points(0.15, manager)
    os.kill(pool.workers[0].pid, signal.SIGKILL)


def worker_stopped(pool, manager):
    """For good: it keeps its connection, its blocks and its silence."""
    two_workers(pool)
    pool.wait_for_points(0.15, manager)
    os.kill(pool.workers[0].pid, signal.SIGSTOP)


def link_cut(pool, manager):
    two_workers(pool)
    pool.wait_for_points(0.15, manager)
    pool.machines.cut("a")
    time.sleep(2)
    pool.machines.mend("a")


def link_cut_for_good(pool, manager):
    two_workers(pool)
    pool.wait_for_points(0.15, manager)
    pool.machines.cut("a")


def manager_killed(pool, manager):
    two_workers(pool, 2)
    pool.wait_for_points(0.05, manager)
    os.kill(manager.pid, signal.SIGKILL)
    manager.wait()
    before = [e for e in pool.events() if e["event"] in ("start", "progress")][-1]["done"]
    again = pool.start_manager()
    pool.wait_for("the second start", lambda: len(pool.events("start")) == 2, again)
    kept = pool.events("start")[1]["kept"]
    assert kept >= before > 0, f"{before} points were done, {kept} are kept"
    return again


CASES = {
    case.__name__: case
    for case in (
        undisturbed, joins_half_way, slow_worker, other_bits, worker_killed, worker_stopped, link_cut,
        link_cut_for_good, manager_killed,
    )
}  # fmt: skip


def main():
    program, solver, model, case = sys.argv[1:]
    hosts.skip_unless_possible(program)
    with hosts.Machines(["a", "b", "c"]) as machines:
        serial = machines.folder / "serial"
        hosts.run(program, "map", model, "-o", serial, "--points", POINTS, "--no-plot", "--engine",
                  "serial", "-q")  # fmt: skip
        pool = hosts.Pool(machines, program, solver, model, POINTS)
        manager = pool.start_manager()
        pool.wait_for("the manager", lambda: pool.events("notice"), manager)
        manager = CASES[case](pool, manager) or manager
        code = manager.wait()
        manager_log = (machines.folder / "manager.log").read_text()
        assert code == 0, f"exit code {code}; the manager said:\n{manager_log}"
        for name in ("map.csv", "map.nc"):
            ours, theirs = ((folder / name).read_bytes() for folder in (pool.folder, serial))
            assert ours == theirs and ours, f"{name} differs from the serial engine's"
        end = pool.events("end")[-1]
        assert end["done"] == end["points"] and end["failed"] == 0, end
        # Workers that are there end with the map.
        if case in ("undisturbed", "joins_half_way"):
            for worker in pool.workers:
                worker.wait(timeout=60)


if __name__ == "__main__":
    main()
