#!/usr/bin/env python3
"""bench/scaling/model.py against what can be worked out by hand."""

import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "scaling"))
from model import Fixed, Guided, Manager, Pool, cores_kept_busy, simulate  # noqa: E402

FREE = Manager(block=0.0)


class Model(unittest.TestCase):
    def test_perfect_without_overhead(self):
        outcome = simulate(FREE, Pool(cores=8, point=0.5), 8 * 30 * 4, Fixed(4))
        self.assertEqual(outcome.blocks, 240)
        self.assertAlmostEqual(outcome.seconds, 60.0)
        self.assertAlmostEqual(outcome.efficiency, 1.0)
        self.assertEqual(outcome.busy, 0.0)

    def test_three_blocks_on_two_cores(self):
        outcome = simulate(FREE, Pool(cores=2, point=1.0, held=1), 3, Fixed(1))
        self.assertAlmostEqual(outcome.seconds, 2.0)
        self.assertAlmostEqual(outcome.efficiency, 0.75)

    def test_a_core_waits_for_each_block_when_it_holds_one_only(self):
        pool = Pool(cores=1, point=1.0, block=0.25, held=1, latency=0.125)
        outcome = simulate(Manager(block=0.5), pool, 10, Fixed(1))
        # There, computing, back, the manager; the first time half of the manager before.
        self.assertAlmostEqual(outcome.seconds, 0.25 + 10 * (0.125 + 1.25 + 0.125 + 0.5))

    def test_and_not_when_it_holds_two(self):
        pool = Pool(cores=1, point=1.0, held=2, latency=0.125)
        outcome = simulate(Manager(block=0.5), pool, 10, Fixed(1))
        self.assertAlmostEqual(outcome.seconds, 0.25 + 0.125 + 10 * 1.0 + 0.125 + 0.5)

    def test_a_manager_saturates_at_its_service_time(self):
        manager = Manager(block=0.01, point=0.001)
        self.assertAlmostEqual(cores_kept_busy(manager, point=0.1, points=10), 50.0)
        for cores, efficiency in ((10, 1.0), (25, 1.0), (100, 0.5), (200, 0.25)):
            outcome = simulate(manager, Pool(cores, point=0.1), 10 * cores * 200, Fixed(10))
            self.assertAlmostEqual(outcome.efficiency, efficiency, delta=0.02)
            self.assertAlmostEqual(outcome.busy, min(1.0, cores / 50), delta=0.02)

    def test_machines_that_go_take_their_work_along(self):
        # A block of time t comes to an end with a probability of exp(-t/L); with what it cost before
        # that, L (exp(t/L) - 1) for each that does.
        pool = Pool(cores=40, point=1.0, held=1, lifetime=2.0)
        outcome = simulate(FREE, pool, 40 * 500, Fixed(1))
        self.assertAlmostEqual(outcome.efficiency, 0.5 / (math.exp(0.5) - 1.0), delta=0.02)
        self.assertGreater(outcome.lost, 0)
        # Away for as long as here: half of the time.
        pool = Pool(cores=40, point=0.01, held=1, lifetime=2.0, away=2.0)
        outcome = simulate(FREE, pool, 40 * 20000, Fixed(10))
        self.assertAlmostEqual(outcome.efficiency, 0.5, delta=0.05)

    def test_guided_blocks_end_small(self):
        rule = Guided(points=100, least=2)
        self.assertEqual(rule.size(left=100_000, cores=4), 100)
        self.assertEqual(rule.size(left=160, cores=4), 10)
        self.assertEqual(rule.size(left=3, cores=4), 2)
        self.assertEqual(rule.size(left=1, cores=4), 1)
        uneven = Pool(cores=16, point=1.0, spread=0.5)
        fixed = simulate(FREE, uneven, 16 * 1000, Fixed(100))
        guided = simulate(FREE, uneven, 16 * 1000, Guided(points=100, least=1))
        self.assertLess(guided.seconds, fixed.seconds)

    def test_the_spread_has_the_mean_that_it_should(self):
        outcome = simulate(FREE, Pool(cores=10, point=1.0, spread=0.7), 10 * 2000, Fixed(1))
        self.assertAlmostEqual(outcome.efficiency, 1.0, delta=0.03)


if __name__ == "__main__":
    unittest.main()
