#!/usr/bin/env python3
"""How near to the ideal speed is a pool of uneven machines?

Three hosts made of network namespaces: a manager, a worker with 12 slots, and one with 4 slots that
are four times slower. A point costs waiting, not computing, so that any machine can stand for 16
cores. Ideal: every slot at work all the time, from when both workers are there until the last
result is stored. Prints the share of it that was reached, and writes it as JSON.

Usage: uneven.py PROGRAM SOLVER MODEL RESULTS.json
"""

import json
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "many_machines"))
import hosts  # noqa: E402

WAIT = 0.01  # s a point
SIDE = 200  # points along each axis
FAST, SLOW, FACTOR = 12, 4, 4


def seconds(event):
    return datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def main():
    program, solver, model, results = sys.argv[1:]
    hosts.skip_unless_possible(program, 0)
    with hosts.Machines(["fast", "slow"]) as machines:
        pool = hosts.Pool(machines, program, solver, model, f"{SIDE}x{SIDE}")
        manager = pool.start_manager()
        pool.wait_for("the manager", lambda: pool.events("notice"), manager)
        pool.start_worker("fast", FAST, WAIT)
        pool.start_worker("slow", SLOW, FACTOR * WAIT)
        if manager.wait() != 0:
            sys.exit((machines.folder / "manager.log").read_text())
        crew = [event for event in pool.events("crew") if event["cores"] == FAST + SLOW]
        took = seconds(pool.events("end")[0]) - seconds(crew[0])
    ideal = SIDE * SIDE * WAIT / (FAST + SLOW / FACTOR)
    figures = {"seconds": took, "ideal_seconds": ideal, "efficiency": ideal / took}
    Path(results).parent.mkdir(parents=True, exist_ok=True)
    Path(results).write_text(json.dumps(figures) + "\n")
    print(
        f"12 slots and 4 slots four times slower: {took:.2f} s for {SIDE * SIDE} points, "
        f"ideal {ideal:.2f} s: {100 * ideal / took:.1f} % of the ideal speed"
    )


if __name__ == "__main__":
    main()
