"""A discrete-event model of one manager and the cores that it keeps busy (docs/scaling.md).

The manager is one server with one queue: taking a result back and handing out the next block costs
it `block` seconds and `point` seconds for each point in it, one result after the other. A core
works off the blocks that it has been given, `held` at most, first come, first served; a message
takes `latency` seconds there and as many back. Machines go away at random, memoryless, with what
their cores had; the same number comes back after a while.

Not in the model: networks that saturate, copies of late blocks, cores of unequal speed.
"""

import heapq
import math
import random
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Manager:
    block: float  # s that a block costs it
    point: float = 0.0  # s for each point in it


@dataclass(frozen=True)
class Pool:
    cores: int
    point: float  # s of computing a point
    spread: float = 0.0  # standard deviation of a block's time, as a share of it
    block: float = 0.0  # s of a core for each block beside computing (a program that starts)
    held: int = 2  # blocks that a core may have at once
    latency: float = 0.0  # s, one way
    cores_a_machine: int = 1
    lifetime: float = math.inf  # s that a machine stays, on average
    away: float = 0.0  # s until another takes its place


@dataclass(frozen=True)
class Fixed:
    """Blocks of one size, the last one of what is left."""

    points: int

    def size(self, left, cores):
        return min(self.points, left)


@dataclass(frozen=True)
class Guided:
    """Guided self-scheduling (Polychronopoulos and Kuck, IEEE Trans. Comput. C-36 (1987) 1425), with
    bounds: no more than `points`, no less than `least`, no more than 1/`part` of an even share of
    what is left."""

    points: int
    least: int
    part: float = 4.0

    def size(self, left, cores):
        share = int(left / (self.part * cores))
        return min(left, max(1, self.least, min(self.points, share)))


@dataclass(frozen=True)
class Outcome:
    seconds: float  # until the last result was taken
    efficiency: float  # computing that was of use, over all cores' time
    busy: float  # share of the time that the manager was at work
    blocks: int
    lost: int  # blocks that went with their machine


def cores_kept_busy(manager, point, points):
    """Cores that want as many blocks of `points` points of `point` seconds as the manager can
    handle: beyond that it is saturated, whatever the rest."""
    return points * point / (manager.block + points * manager.point)


class _Run:
    def __init__(self, manager, pool, points, rule, seed):
        self.manager, self.pool, self.rule = manager, pool, rule
        self.random = random.Random(seed)
        self.left = points
        self.events = []  # (time, number, function, arguments)
        self.number = 0
        self.manager_free = self.busy = 0.0
        self.core_free = [0.0] * pool.cores
        self.has = [{} for _ in range(pool.cores)]  # block number -> points, what a core has
        self.life = [0] * pool.cores  # grows when its machine goes
        self.idle = deque()
        self.back = deque()  # blocks that were lost
        self.blocks = self.lost = 0
        self.open = points  # not yet taken back

    def at(self, time, function, *arguments):
        heapq.heappush(self.events, (time, self.number, function, arguments))
        self.number += 1

    def serve(self, now, seconds):
        """The manager's next job takes so long; returns when it is done."""
        self.manager_free = max(now, self.manager_free) + seconds
        self.busy += seconds
        return self.manager_free

    def give(self, core, now):
        """A block to `core`, on its way at `now`. False when there is none."""
        if self.back:
            points = self.back.popleft()
        elif self.left > 0:
            points = self.rule.size(self.left, self.pool.cores)
            self.left -= points
        else:
            return False
        pool = self.pool
        seconds = points * pool.point
        if pool.spread > 0.0:
            shape = pool.spread**-2
            seconds *= self.random.gammavariate(shape, 1.0 / shape)
        start = max(now + pool.latency, self.core_free[core])
        self.core_free[core] = start + pool.block + seconds
        self.has[core][self.blocks] = points
        self.at(self.core_free[core] + pool.latency, self.result, core, self.life[core], self.blocks)
        self.blocks += 1
        return True

    def feed(self, core, now):
        """As many blocks as the core may have; idle where there is none at all."""
        while len(self.has[core]) < self.pool.held:
            if not self.give(core, self.serve(now, 0.5 * self.manager.block)):
                break
        if not self.has[core]:
            self.idle.append((core, self.life[core]))

    def result(self, now, core, life, block):
        if life != self.life[core]:
            return  # from a machine that went
        points = self.has[core].pop(block)
        self.open -= points
        done = self.serve(now, self.manager.block + points * self.manager.point)
        if not self.give(core, done) and not self.has[core]:
            self.idle.append((core, self.life[core]))

    def goes(self, now, machine):
        width = self.pool.cores_a_machine
        cores = range(machine * width, min((machine + 1) * width, self.pool.cores))
        for core in cores:
            self.life[core] += 1
            self.lost += len(self.has[core])
            self.back.extend(self.has[core].values())
            self.has[core].clear()
        self.at(now + self.pool.away, self.comes, machine, cores)
        # What was lost goes to those that have nothing to do.
        while self.back and self.idle:
            core, life = self.idle.popleft()
            if life == self.life[core]:
                self.give(core, self.serve(now, 0.5 * self.manager.block))

    def comes(self, now, machine, cores):
        for core in cores:
            self.core_free[core] = now
            self.feed(core, now)
        self.plan_end(now, machine)

    def plan_end(self, now, machine):
        if self.pool.lifetime < math.inf:
            self.at(now + self.random.expovariate(1.0 / self.pool.lifetime), self.goes, machine)

    def run(self):
        pool, points = self.pool, self.open
        for _ in range(pool.held):
            for core in range(pool.cores):
                if not self.give(core, self.serve(0.0, 0.5 * self.manager.block)):
                    break
        for core in range(pool.cores):
            if not self.has[core]:
                self.idle.append((core, 0))
        for machine in range(-(-pool.cores // pool.cores_a_machine)):
            self.plan_end(0.0, machine)
        while self.open > 0:
            now, _, function, arguments = heapq.heappop(self.events)
            function(now, *arguments)
        seconds = self.manager_free
        useful = points * pool.point / (pool.cores * seconds)
        return Outcome(seconds, useful, self.busy / seconds, self.blocks, self.lost)


def simulate(manager, pool, points, rule, seed=1):
    """A map of `points` points. The same Outcome for the same arguments."""
    return _Run(manager, pool, points, rule, seed).run()
