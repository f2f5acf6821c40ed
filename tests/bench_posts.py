"""How much it costs to look for what is due, and how close to their limits platforms are kept busy."""

import asyncio
import logging
import random
import tempfile
import time
from collections import Counter, defaultdict, deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from adapters.limits import Limiter
from bot.amend import Edition
from bot.chat import Budget, Receipt
from bot.courier import Courier
from bot.errand import Means, Program
from bot.errors import TryLater
from bot.event import SessionKind, SessionReminder
from bot.find import Register
from bot.notices import Delivery, Key, Notice, Routes, Timeline
from bot.ports import Surroundings
from bot.store import Store
from tests.small import event


START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RULE = SessionReminder("soon", "", ("program",), (SessionKind.TALKS,), timedelta(minutes=10))
SIZES = (100, 10_000, 1_000_000)
TICKS = 200

DELIVERIES, CHANNELS = 10_000, 400
A_CHANNEL = timedelta(seconds=1)
IN_ALL = timedelta(seconds=1) / 50
MARGIN = 1.01
"""By how much the bot keeps below what the platform takes."""

SPEED = 2
"""Fifty posts a second in all take 200 s for the ten thousand; at this speed half of that."""


# -- ticks -----------------------------------------------------------------------------------


def planned(count):
    """So many notices, a minute apart on average, from a year before START on."""
    rng = random.Random(1)
    minutes = sorted(rng.randrange(count) for _ in range(count))
    middle = minutes[count // 2]
    for n, minute in enumerate(minutes):
        due = START + timedelta(minutes=minute - middle)
        key = Key("soon", f"s{n}", due.isoformat())
        yield Notice(key, RULE, due, due + timedelta(minutes=10), ("program",), "s1")


async def _ticks(count, folder):
    """The median of a tick while time passes, second by second; in milliseconds."""
    now = START
    made = event()
    edition = Edition(1, made, made)
    store = Store(str(Path(folder, f"{count}.sqlite")))

    async def current():
        return edition

    nobody: Any = None
    around = Surroundings(lambda: now, nobody, random.random, "bench")
    courier = Courier(current, Means(store, {}, Routes(), around))
    line = Timeline(planned(count))
    courier._program = Program(edition, line, Register(made))
    times = []
    for _ in range(TICKS):
        now += timedelta(seconds=1)
        begin = time.perf_counter()
        await courier.tick()
        times.append(time.perf_counter() - begin)
    await store.close()
    return median(times) * 1e3


def ticks():
    """The median tick by the number of notices that are planned."""
    with tempfile.TemporaryDirectory() as folder:
        return {n: asyncio.run(_ticks(n, folder)) for n in SIZES}


# -- limits ----------------------------------------------------------------------------------


class Limited:
    """A platform that counts what comes in a window of time, and says no to what is too much."""

    name = "sim"

    def __init__(self, clock, store):
        self.clock, self.limiter = clock, Limiter(store, clock, clock.pause)
        self.windows = defaultdict(deque)
        self.refused = 0
        self.posts: Counter[str] = Counter()
        self.first: Any = None
        self.last: Any = None
        self.done = asyncio.Event()

    async def post(self, place, answer, key):
        await self.limiter.turn(
            Budget(f"sim {place.channel}", A_CHANNEL * MARGIN), Budget("sim", IN_ALL * MARGIN)
        )
        self._arrives(place.channel)
        self.posts[key] += 1
        if len(self.posts) == DELIVERIES:
            self.done.set()
        return Receipt(place, key, self.clock())

    def _arrives(self, channel):
        """One a second and channel, fifty a second in all; half a tenth is the network's."""
        now = self.clock()
        self.first, self.last = self.first or now, now
        for name, span, most in ((channel, A_CHANNEL, 1), ("", timedelta(seconds=1), 50)):
            window = self.windows[name]
            while window and window[0] <= now - span * 0.95:
                window.popleft()
            if len(window) >= most:
                self.refused += 1
                raise TryLater(span)
            window.append(now)


class Clock:
    """A clock that runs SPEED times as fast as the real one."""

    def __init__(self):
        self.began = time.monotonic()
        self.woken = asyncio.Event()

    def __call__(self):
        return START + timedelta(seconds=(time.monotonic() - self.began) * SPEED)

    async def until(self, moment):
        left = 1.0 if moment is None else (moment - self()).total_seconds() / SPEED
        try:
            async with asyncio.timeout(min(max(left, 0), 1)):
                await self.woken.wait()
        except TimeoutError:
            pass
        self.woken.clear()

    def wake(self):
        self.woken.set()

    async def pause(self, length):
        await asyncio.sleep(length.total_seconds() / SPEED)


async def _drain(folder):
    made = event()
    edition = Edition(1, made, made)
    clock = Clock()
    store = Store(str(Path(folder, "drain.sqlite")))
    platform: Any = Limited(clock, store)
    await store.begun(made.id, START)
    rows = [
        Delivery(
            made.id,
            f"sim:c{n % CHANNELS}",
            Key("Sample", f"{n}", ""),
            START,
            START + timedelta(days=1),
            text=f"Post {n}",
        )
        for n in range(DELIVERIES)
    ]
    await store.put(made.id, rows, clock())

    async def current():
        return edition

    around = Surroundings(clock, clock, random.random, "bench")
    running = asyncio.create_task(
        Courier(current, Means(store, {"sim": platform}, Routes(), around)).run()
    )
    await platform.done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()
    taken = (platform.last - platform.first).total_seconds()
    allowed = (DELIVERIES - 1) * IN_ALL.total_seconds()
    assert set(platform.posts.values()) == {1}
    return taken / allowed, platform.refused, taken, allowed


def drain():
    """How long it takes over what the limits allow, and how often the platform said no."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_drain(folder))
