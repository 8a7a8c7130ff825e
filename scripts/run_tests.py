#!/usr/bin/env python3
"""Runs ctest on a build folder, on all cores, and closes with one plain line:

    N passed, N failed[, N skipped]

Usage: run_tests.py BUILD_DIR [more arguments for ctest, such as -R steady]
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcome(case):
    """What a <testcase> of ctest's JUnit file counts as."""
    status = case.get("status")
    if status == "run":
        return "passed"
    if status == "disabled":
        return "skipped"
    skipped = case.find("skipped")
    if skipped is not None and skipped.get("message", "").startswith("SKIP_"):
        return "skipped"
    return "failed"  # also a test that could not be started


def main():
    build_dir = Path(sys.argv[1]).resolve()
    results = build_dir / "test-results.xml"
    results.unlink(missing_ok=True)
    status = subprocess.run(
        ["ctest", "--test-dir", build_dir, "--output-on-failure", "--no-tests=error"]
        + ["--output-junit", results, "-j", str(len(os.sched_getaffinity(0)))]
        + sys.argv[2:],
        check=False,
    ).returncode
    if not results.exists():
        print("ctest left no results", file=sys.stderr)
        return status or 1

    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for case in ElementTree.parse(results).getroot().iter("testcase"):
        counts[outcome(case)] += 1
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        line += f", {counts['skipped']} skipped"
    print(line, flush=True)
    return status or int(counts["failed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
