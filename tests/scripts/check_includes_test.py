#!/usr/bin/env python3
"""scripts/check_includes.py must accept a sound tree and refuse each way of breaking one."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_includes.py"

SOUND = {
    "src/turnover/base/base.hpp": "// The floor that all stand on: units and errors.\n#pragma once\n",
    "src/turnover/io/io.hpp": "#pragma once\n/* Files in and out,\n   and nothing else. */\n",
    "src/turnover/io/csv.cpp": '#include "turnover/base/base.hpp"\n#include <vector>\n',
    "src/turnover/engines/engines.hpp": "// Who runs the tiles: one file an engine.\n",
    "apps/turnover/main.cpp": '#include "turnover/io/io.hpp"\n#include "commands.hpp"\n',
    "apps/turnover/commands.hpp": '#include "turnover/engines/engines.hpp"\n',
}


def check(changes):
    """Runs the script on the sound tree with changes; a content of None takes the file away."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in {**SOUND, **changes}.items():
            if text is not None:
                path = Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, SCRIPT, root], capture_output=True, text=True, check=False
        )


class CheckIncludes(unittest.TestCase):
    def refuses(self, changes, message):
        result = check(changes)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(message, result.stdout)
        self.assertEqual(len(result.stdout.splitlines()), 1, result.stdout)

    def test_a_sound_tree_passes(self):
        result = check({})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_an_include_that_points_up(self):
        self.refuses(
            {"src/turnover/base/units.hpp": '\n# include "turnover/io/io.hpp"\n'},
            "src/turnover/base/units.hpp:2: base (floor 1) includes io (floor 7)",
        )

    def test_an_include_with_angle_brackets_too(self):
        self.refuses(
            {"src/turnover/base/units.hpp": "#include <turnover/io/io.hpp>\n"},
            "src/turnover/base/units.hpp:1: base (floor 1) includes io (floor 7)",
        )

    def test_two_rooms_on_one_floor(self):
        self.refuses(
            {"src/turnover/engines/threads.cpp": '#include "turnover/io/io.hpp"\n'},
            "src/turnover/engines/threads.cpp:1: engines (floor 7) includes io (floor 7)",
        )

    def test_a_template_of_a_header(self):
        self.refuses(
            {"src/turnover/base/version.hpp.in": '#include "turnover/io/io.hpp"\n'},
            "src/turnover/base/version.hpp.in:1: base (floor 1) includes io (floor 7)",
        )

    def test_a_way_round_by_the_neighbour(self):
        self.refuses({"src/turnover/base/units.cpp": '#include "../io/io.hpp"\n'}, 'write "../io/')
        self.refuses({"src/turnover/io/yaml.cpp": '#include "io.hpp"\n'}, 'write "io.hpp" as')

    def test_a_header_of_no_room(self):
        self.refuses(
            {"apps/turnover/map.cpp": '#include "turnover/turnover.hpp"\n'},
            'apps/turnover/map.cpp:1: "turnover/turnover.hpp" is in no room',
        )

    def test_a_room_without_a_floor(self):
        self.refuses({"src/turnover/attic/attic.hpp": "// Old things.\n"}, "no such room")

    def test_a_room_without_an_umbrella_header(self):
        self.refuses(
            {"src/turnover/plot/map.cpp": ""}, "src/turnover/plot/plot.hpp:1: the room plot has no"
        )

    def test_an_umbrella_header_without_a_charter(self):
        self.refuses(
            {"src/turnover/io/io.hpp": "#pragma once\n#include <vector>\n// Files in and out only.\n"},
            "src/turnover/io/io.hpp:1: the umbrella header does not open",
        )


if __name__ == "__main__":
    unittest.main()
