#!/usr/bin/env python3
"""What the model of bench/scaling/model.py says with measured figures: tables and a picture.

Usage: report.py FIGURES.json PICTURE.png

Prints, as Markdown, the model beside the real runs, the blocks that keep 100, 1,000 and 10,000
cores busy, where one manager saturates, and how churn and the end of a map count. Draws efficiency
against cores for several sizes of block, with gnuplot.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from model import Fixed, Guided, Manager, Pool, cores_kept_busy, simulate

KINDS = {"mpi": "MPI", "work_queue": "Work Queue"}
# s a point, bytes a point, in words: docs/numerics-batch.md has the speeds.
POINTS = (
    (8e-7, 126, "2 adsorbates, 0.8 us"),
    (2.4e-5, 390, "11 adsorbates, 24 us"),
    (5e-4, 1400, "64 adsorbates, 0.5 ms"),
    (1.3e-2, 4100, "200 adsorbates, 13 ms"),
    (1e-2, 390, "11 adsorbates on the reference path, 10 ms"),
)
BUSY = 0.8  # of a manager's time, at most: what comes at random must not queue up
LOST = 0.02  # of a core's time, at most, to what a block costs it beside computing
BLOCKS = (0.002, 0.02, 0.2, 2.0, 20.0)  # s of computing a block, in the picture
CORES = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
NETWORK = 1e-4  # s for a message one way


def seconds(value):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|---" * len(head) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def checked(kind, measured, run):
    """The efficiency of a real run, and what the model says of it."""
    if kind == "mpi":
        cores, blocks, work = run["processes"], run["tiles"], run["seconds_a_tile"]
        size, held = run["bytes_a_tile"], 2
    else:
        cores, blocks, work = run["cores"], run["tasks"], run["seconds_a_task"]
        size, held = run["bytes_a_task"], 1
    manager = Manager(measured["block"] + size * measured["byte"])
    pool = Pool(cores, point=work, block=measured["core"], held=held)
    said = simulate(manager, pool, blocks, Fixed(1))
    real = blocks * work / (cores * run["seconds"])
    return cores, work, size, blocks, real, said.efficiency


def compare(kind, measured):
    print(f"### {KINDS[kind]}: model and reality\n")
    rows = [
        (cores, seconds(work), size, blocks, f"{real:.1%}", f"{said:.1%}")
        for cores, work, size, blocks, real, said in (
            checked(kind, measured, run) for run in measured["checks"]
        )
    ]
    table(("cores that wait", "a block", "bytes", "blocks", "measured", "model"), rows)


def block_for(cores, manager, point, core):
    """The fewest points a block that leave the manager BUSY at most and cost the cores LOST; None
    where none does."""
    spare = BUSY * point - cores * manager.point
    if spare <= 0.0:
        return None
    return max(1, math.ceil(cores * manager.block / spare), math.ceil(core / (LOST * point)))


def blocks_that_keep_busy(kind, measured, keeping):
    print(f"### {KINDS[kind]}: blocks that keep cores busy\n")
    rows = []
    for point, size, name in POINTS:
        manager = Manager(measured["block"], size * (measured["byte"] + keeping))
        most = BUSY * point / manager.point
        row = [name, f"{most:,.0f}" if most < 1e7 else "> 10 million"]
        for cores in (100, 1000, 10000):
            points = block_for(cores, manager, point, measured["core"])
            if points is None:
                row.append(f"{math.ceil(cores / most)} managers")
            else:
                row.append(f"{points:,} ({seconds(points * point)})")
        rows.append(row)
    head = ["a point", "cores a manager, however large the blocks"]
    table(head + [f"points a block for {n:,} cores" for n in (100, 1000, 10000)], rows)


def saturation(measured):
    """Cores that one manager keeps busy, by the time of a block, small results."""
    print("### Where one manager saturates\n")
    rows = []
    for block in BLOCKS:
        row = [seconds(block)]
        for figures in measured.values():
            manager = Manager(figures["block"] + 10_000 * figures["byte"])
            row.append(f"{cores_kept_busy(manager, block, 1):,.0f}")
        rows.append(row)
    table(["a block"] + [f"cores, {KINDS[kind]}" for kind in measured], rows)


def churn(figures):
    print("### Machines that come and go, and the end of a map\n")
    manager = Manager(figures["block"] + 10_000 * figures["byte"])
    rows = []
    for block in (2, 20, 200):
        row = [seconds(block)]
        for lifetime in (600.0, 3600.0, math.inf):
            pool = Pool(
                1000, point=block / 100, spread=0.5, block=figures["core"], held=1,
                latency=NETWORK, cores_a_machine=16, lifetime=lifetime, away=30.0,
            )  # fmt: skip
            points = int(1000 * 1200 / pool.point)  # twenty minutes
            for rule in (Fixed(100), Guided(100, least=max(1, int(1.0 / pool.point)))):
                row.append(f"{simulate(manager, pool, points, rule).efficiency:.1%}")
        rows.append(row)
    head = ["a block"]
    for life in ("10 min", "1 h", "for good"):
        head += [f"{life}, blocks of one size", f"{life}, small at the end"]
    table(head, rows)


def draw(measured, picture):
    with tempfile.TemporaryDirectory() as folder:
        plots, script = [], []
        for kind, figures in measured.items():
            manager = Manager(figures["block"] + 10_000 * figures["byte"])
            curves = []
            for k, block in enumerate(BLOCKS):
                data = Path(folder, f"{kind}-{k}")
                lines = []
                for cores in CORES:
                    pool = Pool(
                        cores, point=block, block=figures["core"], latency=NETWORK,
                        held=2 if kind == "mpi" else 1,
                    )  # fmt: skip
                    outcome = simulate(manager, pool, 25 * cores, Fixed(1))
                    lines.append(f"{cores} {100 * outcome.efficiency:.2f}\n")
                data.write_text("".join(lines))
                curves.append(f'"{data}" with linespoints lw 2 pt 7 ps 0.6 title "{seconds(block)}"')
            script.append(f'set title "{KINDS[kind]}"\nplot {", ".join(curves)}\n')
            plots.append(kind)
        gnuplot = f"""set terminal pngcairo size {600 * len(plots)},400 font "DejaVu Sans,10"
set output "{picture}"
set multiplot layout 1,{len(plots)}
set logscale x
set xrange [2:20000]
set yrange [0:105]
set grid
set key outside right top title "a block"
set xlabel "cores"
set ylabel "efficiency, %"
{"".join(script)}"""
        subprocess.run(["gnuplot"], input=gnuplot, text=True, check=True)


def main():
    figures = json.loads(Path(sys.argv[1]).read_text())
    measured = {kind: figures[kind] for kind in KINDS if kind in figures}
    print(
        f"Measured {figures['time'][:10]} on {figures['cores']} cores ({figures['processor']}), load"
        f" {figures['load']:.1f} to {figures['load_after']:.1f}.\n"
    )
    head = ("engine", "a block costs the manager", "and each kB of its result", "a core beside computing")
    table(
        head,
        [
            (KINDS[k], seconds(m["block"]), seconds(1000 * m["byte"]), seconds(m["core"]))
            for k, m in measured.items()
        ],
    )
    for kind, m in measured.items():
        compare(kind, m)
    saturation(measured)
    for kind, m in measured.items():
        # The leader of MPI was measured with it; Work Queue alone keeps nothing.
        keeping = measured["mpi"]["byte"] if kind == "work_queue" and "mpi" in measured else 0.0
        blocks_that_keep_busy(kind, m, keeping)
    if "work_queue" in measured:
        churn(measured["work_queue"])
    draw(measured, sys.argv[2])


if __name__ == "__main__":
    main()
