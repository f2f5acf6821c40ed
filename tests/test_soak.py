"""The bot killed at random moments, again and again: every notice once, nothing lost.

An event passes thirty times as fast as in life. `make soak` kills many more than `make test`; a
seed that failed is tried again with `SOAK_SEED=… SOAK_DEATHS=…`.
"""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.amend import Edition
from bot.courier import Courier
from bot.errand import Means
from bot.event import SessionKind, SessionReminder
from bot.notices import OPEN, Routes, State, timeline
from bot.ports import Surroundings
from bot.store import Store
from tests import recorder
from tests.small import during, event, session


DEATHS = int(os.environ.get("SOAK_DEATHS", "20"))
SPEED = 30
LONGEST_LIFE = 3.0  # seconds, in all a life takes half of it
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLACES = ("rec:look-1", "rec:look-2", "rec:same-1", "rec:blind-1")
ROUTES = Routes({"program": PLACES, "organizers": ("rec:look-team",)})
FORK = multiprocessing.get_context("forkserver")


class FastClock:
    """A clock that runs SPEED times as fast as the real one, from a moment that is told."""

    def __init__(self, began):
        self.began = began
        self.woken = asyncio.Event()

    def __call__(self):
        return START + timedelta(seconds=(time.monotonic() - self.began) * SPEED)

    def seconds(self, real):
        return timedelta(seconds=real)

    async def until(self, moment):
        left = 1.0 if moment is None else (moment - self()).total_seconds() / SPEED
        try:
            async with asyncio.timeout(min(max(left, 0), 0.5)):
                await self.woken.wait()
        except TimeoutError:
            pass
        self.woken.clear()

    def wake(self):
        self.woken.set()

    async def pause(self, length):
        await asyncio.sleep(length.total_seconds() / SPEED)


def made(minutes):
    """An event with two sessions a minute, each announced ten minutes before: so many of alarms."""
    rule = SessionReminder("soon", "", ("program",), (SessionKind.TALKS,), timedelta(minutes=10))
    blocks = []
    for n in range(minutes):
        hour, minute = divmod(9 * 60 + 11 + n, 60)
        begins = during(f"{hour:02}:{minute:02}", "23:59", "a")
        blocks += [session(f"s{n}", begins), session(f"t{n}", begins)]
    found = replace(event(*blocks), reminders=(rule,))
    return Edition(1, found, found)


def live(url, port, began, minutes, owner):
    """One life of the bot, until it is killed."""

    async def life():
        clock = FastClock(began)
        edition = made(minutes)

        async def current():
            return edition

        platform = recorder.Recorder(port, clock, wait=10 / SPEED)
        around = Surroundings(clock, clock, random.random, owner)
        await Courier(current, Means(Store(url), {"rec": platform}, ROUTES, around)).run()

    asyncio.run(life())


@dataclass
class Life:
    """A process, and when it is to die."""

    process: object
    dies: float


def soak(url, deaths, at_once, seed):
    """Kill so many lives of the bot, of which some run at once; the ledger, and what was posted."""
    chance = random.Random(seed)
    seconds = deaths * LONGEST_LIFE / 2 / at_once
    minutes = int(seconds * SPEED / 60)
    mine, theirs = FORK.Pipe()
    server = FORK.Process(target=recorder.serve, args=(seed, theirs), daemon=True)
    server.start()
    port = mine.recv()
    began = time.monotonic()
    born = 0

    def birth():
        nonlocal born
        born += 1
        arguments = (url, port, began, minutes, f"life {born}")
        process = FORK.Process(target=live, args=arguments, daemon=True)
        process.start()
        return Life(process, time.monotonic() + chance.uniform(0.1, LONGEST_LIFE))

    lives = [birth() for _ in range(at_once)]
    died = 0
    while died < deaths:
        first = min(lives, key=lambda life: life.dies)
        time.sleep(max(first.dies - time.monotonic(), 0))
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.join()
        assert first.process.exitcode == -signal.SIGKILL, "a life ended before it was killed"
        lives.remove(first)
        died += 1
        lives.append(birth())
    rows = asyncio.run(_settled(url, began + (minutes + 2) * 60 / SPEED))
    for life in lives:
        life.process.kill()
        life.process.join()
    log = recorder.log_of(port)
    server.kill()
    server.join()
    return rows, log, minutes


async def _settled(url, end):
    """The ledger once nothing is open any more, after the event."""
    store = Store(url)
    try:
        while True:
            await asyncio.sleep(0.2)
            rows = await store.ledger("small")
            if time.monotonic() > end and not any(d.state in OPEN for d in rows):
                return rows
            assert time.monotonic() < end + 120, "what is open doesn't end"
    finally:
        await store.close()


@pytest.mark.parametrize("kind", ["one on SQLite", "two on PostgreSQL"])
def test_killed_at_random_it_posts_every_notice_once_and_loses_none(
    kind, request, tmp_path, capsys
):
    seed = int(os.environ.get("SOAK_SEED", random.SystemRandom().randrange(10**6)))
    with capsys.disabled():
        print(f"\n{kind}: SOAK_SEED={seed} SOAK_DEATHS={DEATHS}")
    if kind == "one on SQLite":
        url, at_once = str(tmp_path / "soak.sqlite"), 1
    else:
        url, at_once = request.getfixturevalue("postgres"), 2
    rows, log, minutes = soak(url, DEATHS, at_once, seed)

    planned = {(n.key, place) for n in timeline(made(minutes)).notices for place in PLACES}
    ruled = [d for d in rows if d.key.rule == "soon"]
    assert {(d.key, d.place) for d in ruled} == planned
    assert Counter(str(d.state) for d in ruled if d.state in OPEN) == {}

    posted = Counter(tuple(row) for row in log)
    for d in ruled:
        times = posted[d.place.removeprefix("rec:"), d.name]
        if d.state == State.SENT:
            assert times == 1, d
        elif d.place.startswith("rec:blind"):
            assert d.state in (State.FAILED, State.SKIPPED)
            assert times <= 1
            assert d.reason
        else:
            assert d.state == State.SKIPPED, d
            # What can't be looked up, but is known again by its key, may have been posted before.
            assert times == 0 or (d.place == "rec:same-1" and d.attempts), d
            assert times <= 1
            assert d.reason
    states = Counter(str(d.state) for d in ruled)
    told = [d for d in rows if d.key.rule == "Trouble"]
    assert bool(told) == bool(states["failed"])
    with capsys.disabled():
        print(f"{DEATHS} deaths: {dict(states)}, {len(log)} posts")
    assert states["sent"] > len(planned) // 2
