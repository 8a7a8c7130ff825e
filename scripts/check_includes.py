#!/usr/bin/env python3
"""Do includes point down the tower of rooms, and does every room state its charter?

A file in src/turnover/<room>/ may include its own room and rooms on lower floors; rooms on the same
floor do not know each other. apps/ may include everything. Prints file:line of what breaks this.

Usage: check_includes.py [ROOT]
"""

import re
import sys
from pathlib import Path

FLOORS = {
    "base": 1,
    "chemistry": 2,
    "kinetics": 3,
    "steady": 4,
    "analysis": 5,
    "sweep": 6,
    "engines": 7,
    "io": 7,
    "plot": 8,
    "apps": 9,
}

SUFFIXES = {".hpp", ".cpp", ".in"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
TOP_COMMENT = re.compile(r"\s*(?:#pragma once\s+)?((?://[^\n]*\n?\s*)+|/\*.*?\*/)", re.DOTALL)


def check_file(path, shown, room):
    """Yields what is wrong with the includes of one file of a room."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, target = match.groups()
        parts = target.split("/")
        if parts[0] == "turnover":
            other = parts[1] if len(parts) > 2 else None
            if other not in FLOORS:
                yield f'{shown}:{number}: "{target}" is in no room'
            elif other != room and FLOORS[other] >= FLOORS[room]:
                yield (
                    f"{shown}:{number}: {room} (floor {FLOORS[room]}) includes {other} "
                    f"(floor {FLOORS[other]}): includes point down only"
                )
        elif ".." in parts or (
            bracket == '"' and room != "apps" and (path.parent / target).exists()
        ):
            yield f'{shown}:{number}: write "{target}" as "turnover/<room>/<file>"'


def check_charter(room_dir, root):
    """Yields what is wrong with the umbrella header of a room."""
    header = room_dir / f"{room_dir.name}.hpp"
    shown = header.relative_to(root)
    if not header.exists():
        yield f"{shown}:1: the room {room_dir.name} has no umbrella header"
        return
    comment = TOP_COMMENT.match(header.read_text(encoding="utf-8"))
    if not comment or len(re.findall(r"\w+", comment.group(1))) < 5:
        yield f"{shown}:1: the umbrella header does not open with a comment that states the charter"


def check_tree(root):
    """Yields all that is wrong in the tree at root, in the order of its paths."""
    tower = root / "src" / "turnover"
    for path in sorted([*tower.rglob("*"), *(root / "apps").rglob("*")]):
        shown = path.relative_to(root)
        if path.is_dir():
            if path.parent == tower:
                if path.name not in FLOORS:
                    yield f"{shown}: no such room; give it a floor in scripts/check_includes.py"
                else:
                    yield from check_charter(path, root)
            continue
        if path.suffix not in SUFFIXES:
            continue
        room = "apps" if shown.parts[0] == "apps" else shown.parts[2]
        if path.parent == tower:
            yield f"{shown}:1: a file of no room"
        elif room in FLOORS:
            yield from check_file(path, shown, room)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    problems = list(check_tree(root))
    print("\n".join(problems) or "Includes: all point down, and every room states its charter.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
