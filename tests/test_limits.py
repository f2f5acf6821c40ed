"""Keeping to what a platform takes, on a clock that only waiting moves."""

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.limits import Limiter
from bot.chat import Budget
from bot.errors import TryLater
from tests.fakes import MemoryOutbox


NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Slow:
    """A clock that goes on as long as anybody pauses, and no longer."""

    def __init__(self):
        self.now = NINE

    def __call__(self):
        return self.now

    async def pause(self, length):
        end = self.now + length
        await asyncio.sleep(0)
        self.now = max(self.now, end)


class Down:
    """A store that can't be reached."""

    async def turn(self, budgets, now):
        raise TryLater


def seconds(*turns, pace=None):
    """When each turn of these budgets comes, in seconds from the first moment on."""
    clock = Slow()
    limiter = Limiter(pace or MemoryOutbox(), clock, clock.pause)
    found = []

    async def run():
        for budgets in turns:
            await limiter.turn(*budgets)
            found.append((clock() - NINE).total_seconds())

    asyncio.run(run())
    return found


CHANNEL, OTHER = Budget("c", SECOND), Budget("d", SECOND)
ALL = Budget("all", SECOND / 4)


def test_turns_of_one_budget_come_at_a_distance():
    assert seconds([CHANNEL], [CHANNEL], [CHANNEL]) == [0, 1, 2]


def test_turns_of_two_budgets_dont_wait_for_each_other():
    assert seconds([CHANNEL], [OTHER]) == [0, 0]


def test_a_turn_in_several_budgets_waits_for_all_of_them():
    assert seconds([CHANNEL, ALL], [OTHER, ALL], [CHANNEL, ALL]) == [0, 0.25, 1]


def test_after_a_pause_a_burst_goes_at_once():
    assert seconds(*[[Budget("b", SECOND, 3)]] * 5) == [0, 0, 0, 1, 2]


def test_without_the_store_this_process_keeps_its_own_distance():
    assert seconds([CHANNEL], [CHANNEL], [OTHER], pace=Down()) == [0, 1, 1]


def test_those_who_sleep_until_the_same_moment_still_go_one_behind_the_other():
    clock = Slow()
    limiter = Limiter(Down(), clock, clock.pause)
    found = []

    async def turn():
        await limiter.turn(CHANNEL)
        found.append((clock() - NINE).total_seconds())

    async def run():
        await asyncio.gather(*[turn() for _ in range(4)])

    asyncio.run(run())
    assert found == [0, 1, 2, 3]
